package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;

import com.pacerelle.client.connect.RuntimeToken;
import org.jspecify.annotations.Nullable;

/**
 * Adapts a {@link RuntimeToken} to {@link PacerelleConnectionDetails}.
 */
final class InstalledConnectionDetails implements PacerelleConnectionDetails {

	private final RuntimeToken token;

	private final URI baseUrl;

	private final @Nullable URI webSocketUrl;

	InstalledConnectionDetails(RuntimeToken token, PacerelleProperties properties) {
		this.token = token;
		this.baseUrl = PropertiesPacerelleConnectionDetails.baseUrl(properties);
		this.webSocketUrl = PropertiesPacerelleConnectionDetails.webSocketUrl(properties);
	}

	@Override
	public String getAgentId() {
		return this.token.agentId();
	}

	@Override
	public String getToken() {
		return this.token.agentToken();
	}

	@Override
	public URI getBaseUrl() {
		return this.baseUrl;
	}

	@Override
	public @Nullable URI getWebSocketUrl() {
		return this.webSocketUrl;
	}

}
