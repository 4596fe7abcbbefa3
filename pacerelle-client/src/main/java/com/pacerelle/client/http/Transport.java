package com.pacerelle.client.http;

import java.net.URI;
import java.util.List;
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
import reactor.netty.http.client.HttpClient;

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
	 * @return a client, which never repeats a request by itself
	 */
	public static HttpClient client(TransportSettings settings) {
		HttpClient client = HttpClient.newConnection()
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
