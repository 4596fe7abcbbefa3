package com.pacerelle.client.http;

import java.net.URI;
import java.time.Duration;

import com.pacerelle.client.ConnectionSettings;
import com.pacerelle.client.TransportSettings;
import io.netty.channel.ChannelOption;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Makes what connects to the relay, and owns the token that the agent shows there, which
 * may be replaced at any time.
 */
public final class RelayHttpClient {

	/**
	 * A request is never repeated, so a connection must not be used that the relay is
	 * about to close: servers keep them for at least 5 s.
	 */
	private static final Duration MAX_IDLE_TIME = Duration.ofSeconds(3);

	private final ConnectionProvider connections = ConnectionProvider.builder("pacerelle")
		.maxConnections(Integer.MAX_VALUE)
		.maxIdleTime(MAX_IDLE_TIME)
		.evictInBackground(MAX_IDLE_TIME)
		.build();

	private final HttpClient sockets;

	private final HttpClient requests;

	private final TransportSettings transport;

	private final URI baseUrl;

	private volatile AgentToken token;

	/**
	 * Creates the client.
	 * @param settings where the relay is
	 * @param token the token to begin with
	 * @param loopResources the event loops
	 */
	public RelayHttpClient(ConnectionSettings settings, AgentToken token, LoopResources loopResources) {
		this.token = token;
		this.transport = settings.transport();
		this.baseUrl = settings.baseUrl();
		this.sockets = client(settings, ConnectionProvider.newConnection(), loopResources);
		this.requests = client(settings, this.connections, loopResources);
	}

	private static HttpClient client(ConnectionSettings settings, ConnectionProvider connections,
			LoopResources loopResources) {
		return Transport.client(settings.transport(), connections)
			.runOn(loopResources)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout().toMillis()));
	}

	public AgentToken token() {
		return this.token;
	}

	public void replaceToken(AgentToken token) {
		this.token = token;
	}

	/**
	 * What opens sockets. It has no token: whoever opens a socket adds the one that it
	 * attempts.
	 * @return the client
	 */
	public HttpClient socket() {
		return this.sockets;
	}

	/**
	 * What sends requests, with the token that is valid when they leave.
	 * @param responseTimeout how long a response may pause
	 * @return the client, for paths under the relay's base URL
	 */
	public WebClient authorized(Duration responseTimeout) {
		return Transport.requests(this.transport, this.baseUrl, this.requests.responseTimeout(responseTimeout))
			.defaultRequest((request) -> request.httpRequest(Transport.authorization(this.token.value())))
			.build();
	}

	/**
	 * Closes the connections of requests.
	 */
	public void close() {
		this.connections.dispose();
	}

}
