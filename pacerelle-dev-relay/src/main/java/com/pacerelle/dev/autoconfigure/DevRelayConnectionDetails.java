package com.pacerelle.dev.autoconfigure;

import java.net.URI;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectionDetails;

/**
 * Adapts {@link DevRelay} to {@link PacerelleConnectionDetails}.
 */
final class DevRelayConnectionDetails implements PacerelleConnectionDetails {

	private final DevRelay relay;

	DevRelayConnectionDetails(DevRelay relay) {
		this.relay = relay;
	}

	@Override
	public String getAgentId() {
		return this.relay.agentId();
	}

	@Override
	public String getToken() {
		return this.relay.token();
	}

	@Override
	public URI getBaseUrl() {
		return this.relay.baseUrl();
	}

	@Override
	public boolean isForDevelopment() {
		return true;
	}

}
