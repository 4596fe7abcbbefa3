package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;

import com.pacerelle.client.connect.RuntimeToken;
import org.jspecify.annotations.Nullable;

/**
 * Adapts a {@link RuntimeToken} to {@link PacerelleConnectionDetails}.
 */
final class InstalledConnectionDetails implements PacerelleConnectionDetails {

	private final RuntimeToken token;

	private final RelayAddresses addresses;

	InstalledConnectionDetails(RuntimeToken token, RelayAddresses addresses) {
		this.token = token;
		this.addresses = addresses;
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
		return this.addresses.baseUrl();
	}

	@Override
	public @Nullable URI getWebSocketUrl() {
		return this.addresses.webSocketUrl();
	}

}
