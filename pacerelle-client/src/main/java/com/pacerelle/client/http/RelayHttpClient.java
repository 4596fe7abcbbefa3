package com.pacerelle.client.http;

import java.time.Duration;

import com.pacerelle.client.ConnectionSettings;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

/**
 * Makes what connects to the relay, and owns the token that the agent shows there, which
 * may be replaced at any time.
 */
public final class RelayHttpClient {

	private final HttpClient httpClient;

	private final String baseUrl;

	private volatile AgentToken token;

	/**
	 * Creates the client.
	 * @param settings where the relay is
	 * @param token the token to begin with
	 * @param loopResources the event loops
	 */
	public RelayHttpClient(ConnectionSettings settings, AgentToken token, LoopResources loopResources) {
		this.token = token;
		this.baseUrl = settings.baseUrl().toString();
		this.httpClient = Transport.client(settings.transport())
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
		return this.httpClient;
	}

	/**
	 * What sends requests, with the token that is valid when they leave.
	 * @param responseTimeout how long a response may pause
	 * @return the client, for paths under the relay's base URL
	 */
	public HttpClient authorized(Duration responseTimeout) {
		return this.httpClient.baseUrl(this.baseUrl)
			.responseTimeout(responseTimeout)
			.doOnRequest((request, connection) -> request.requestHeaders()
				.set(HttpHeaderNames.AUTHORIZATION, this.token.authorization()));
	}

}
