package com.pacerelle.client.http;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import com.pacerelle.client.TransportSettings;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.ExchangeStrategies;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;
import org.springframework.web.util.DefaultUriBuilderFactory;

/**
 * The way to the relay, which requests and sockets share: through the proxy of the JVM's
 * system properties, and with the certificates of the settings.
 */
public final class Transport {

	private static final Logger logger = LoggerFactory.getLogger(Transport.class);

	private Transport() {
	}

	/**
	 * Makes what connects.
	 * @param settings what protects the way
	 * @param connections where connections come from
	 * @return a client, which never repeats a request by itself, nor follows a redirect
	 */
	public static HttpClient client(TransportSettings settings, ConnectionProvider connections) {
		HttpClient client = HttpClient.create(connections)
			.proxyWithSystemProperties()
			.disableRetry(true)
			.headers((headers) -> headers.set(HttpHeaderNames.USER_AGENT, UserAgent.VALUE));
		SSLContext sslContext = settings.sslContext();
		return (sslContext != null)
				? client.secure((ssl) -> ssl.sslContext(clientContext(sslContext, settings.sslParameters()))) : client;
	}

	private static JdkSslContext clientContext(SSLContext context, @Nullable SSLParameters parameters) {
		String[] ciphers = (parameters != null) ? parameters.getCipherSuites() : null;
		String[] protocols = (parameters != null) ? parameters.getProtocols() : null;
		return new JdkSslContext(context, true, (ciphers != null) ? List.of(ciphers) : null,
				IdentityCipherSuiteFilter.INSTANCE, ApplicationProtocolConfig.DISABLED, ClientAuth.NONE, protocols,
				false);
	}

	/**
	 * Makes what sends requests: as the application's builder says, but only to the relay
	 * and only on the way of the settings. The failure of a request is what the
	 * connection failed with, which has no address. Variables of addresses must be
	 * escaped.
	 * @param settings has the application's builder
	 * @param baseUrl where the relay is
	 * @param connector connects
	 * @return the builder of a client for paths under the base URL
	 */
	public static WebClient.Builder requests(TransportSettings settings, URI baseUrl, HttpClient connector) {
		WebClient.Builder application = settings.webClientBuilder();
		WebClient.Builder builder = (application != null) ? application.clone()
				// All bodies are bytes.
				: WebClient.builder().exchangeStrategies(ExchangeStrategies.empty().build());
		DefaultUriBuilderFactory addresses = new DefaultUriBuilderFactory(baseUrl.toString());
		addresses.setEncodingMode(DefaultUriBuilderFactory.EncodingMode.NONE);
		return builder.uriBuilderFactory(addresses)
			.clientConnector(new ReactorClientHttpConnector(connector))
			.observationConvention(new RequestObservationConvention())
			.filters((filters) -> filters.add(0, Transport::unwrapFailure));
	}

	private static Mono<ClientResponse> unwrapFailure(ClientRequest request, ExchangeFunction next) {
		return next.exchange(request)
			.onErrorMap(WebClientRequestException.class, (failure) -> Objects.requireNonNull(failure.getCause()));
	}

	/**
	 * Adds a token to a request when it leaves: filters, observations and logs never see
	 * it.
	 * @param token the token; or {@code null} to send none, not even one that the
	 * application sends by default
	 * @return for {@link WebClient.RequestHeadersSpec#httpRequest}
	 */
	public static Consumer<ClientHttpRequest> authorization(@Nullable String token) {
		return (request) -> {
			if (token != null) {
				request.getHeaders().setBearerAuth(token);
			}
			else {
				request.getHeaders().remove(HttpHeaders.AUTHORIZATION);
			}
		};
	}

	/**
	 * Tells loudly, and once, when others can read what is sent.
	 * @param addresses where it is sent to
	 */
	public static void warnUnlessPrivate(URI... addresses) {
		String open = Stream.of(addresses)
			.filter((address) -> !TransportSettings.isPrivate(address))
			.map(URI::getAuthority)
			.distinct()
			.collect(Collectors.joining(" and "));
		if (!open.isEmpty()) {
			logger.warn("TRANSPORT ENCRYPTION IS OFF: everybody on the way to {} reads the token, and can act as the"
					+ " agent. Use this in a local network that you trust only, and https and wss everywhere else",
					open);
		}
	}

}
