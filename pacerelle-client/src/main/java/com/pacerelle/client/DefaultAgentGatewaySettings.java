package com.pacerelle.client;

import java.nio.file.Path;

import io.micrometer.observation.ObservationRegistry;

/**
 * Checks the settings of a client. Not public, so that more can be added.
 */
record DefaultAgentGatewaySettings(String agentId, String token, Path storeRoot, boolean encrypted,
		DefaultConnectionSettings connection, HandlingSettings handling, FileSettings files,
		ObservationRegistry observationRegistry) implements AgentGatewaySettings {

	DefaultAgentGatewaySettings {
		requireCredential("agentId", agentId);
		requireCredential("token", token);
	}

	@Override
	public Builder mutate() {
		return new Builder(this, this.connection);
	}

	@Override
	public String toString() {
		return "AgentGatewaySettings[agentId=" + this.agentId + ", baseUrl=" + this.connection.baseUrl() + "]";
	}

	private static void requireCredential(String name, String value) {
		InvalidSettingException.require(!value.isBlank(), name,
				"must not be blank: copy it from the agent's settings in the app");
		InvalidSettingException.require(value.chars().noneMatch((c) -> c <= ' ' || c == 0x7f), name,
				"must not contain white space: copy it from the agent's settings in the app again");
	}

}
