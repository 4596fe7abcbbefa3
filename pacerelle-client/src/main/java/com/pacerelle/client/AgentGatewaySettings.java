package com.pacerelle.client;

import java.nio.file.Path;
import java.util.function.Consumer;

import io.micrometer.observation.ObservationRegistry;

/**
 * The settings of an {@link AgentGatewayClient} (gateway.md section 1). Its
 * {@code toString()} has no token.
 *
 * @param agentId the agent's id, copied from the app
 * @param token the agent's token, copied from the app; secret. It counts until
 * {@link AgentGatewayClient#replaceToken} gives another one
 * @param storeRoot the directory under which each agent has its own
 * @param encrypted whether messages are end-to-end encrypted; off only for local
 * debugging
 * @param connection the settings of the connection to the relay
 * @param handling the settings of how messages are handled
 * @param files the settings of what files are sent and downloaded
 * @param observationRegistry who observes what the client does
 */
public record AgentGatewaySettings(String agentId, String token, Path storeRoot, boolean encrypted,
		ConnectionSettings connection, HandlingSettings handling, FileSettings files,
		ObservationRegistry observationRegistry) {

	/**
	 * Checks the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public AgentGatewaySettings {
		requireCredential("agentId", agentId);
		requireCredential("token", token);
	}

	/**
	 * Starts from the defaults: the public relay, the store root {@code ~/.pacerelle},
	 * encryption, frames up to 16 MiB, 64 conversations at once, 4096 messages in memory,
	 * a ping every 15 s to be answered within 10 s, connections within 10 s, pauses of
	 * 500 ms to 30 s between attempts to connect and of 5 min after a refused token,
	 * three calls of a handler with a first pause of 200 ms, each of at most 10 minutes,
	 * files up to 100 MiB of all types, platform threads, nobody observing.
	 * @param agentId the agent's id, copied from the app
	 * @param token the agent's token, copied from the app
	 * @return a builder
	 */
	public static Builder builder(String agentId, String token) {
		return new Builder(agentId, token);
	}

	/**
	 * These settings with another token.
	 * @param token the token
	 * @return the settings
	 * @throws InvalidSettingException if the token cannot be one
	 */
	public AgentGatewaySettings withToken(String token) {
		return new AgentGatewaySettings(this.agentId, token, this.storeRoot, this.encrypted, this.connection,
				this.handling, this.files, this.observationRegistry);
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

	/**
	 * Builds {@link AgentGatewaySettings}.
	 */
	public static final class Builder {

		private final String agentId;

		private final String token;

		private Path storeRoot = Path.of(System.getProperty("user.home"), ".pacerelle");

		private boolean encrypted = true;

		private final ConnectionSettings.Builder connection = new ConnectionSettings.Builder();

		private final HandlingSettings.Builder handling = new HandlingSettings.Builder();

		private final FileSettings.Builder files = new FileSettings.Builder();

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private Builder(String agentId, String token) {
			this.agentId = agentId;
			this.token = token;
		}

		/**
		 * Sets {@link AgentGatewaySettings#storeRoot()}.
		 * @param storeRoot the directory under which each agent has its own
		 * @return this builder
		 */
		public Builder storeRoot(Path storeRoot) {
			this.storeRoot = storeRoot;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#encrypted()}.
		 * @param encrypted whether messages are end-to-end encrypted
		 * @return this builder
		 */
		public Builder encrypted(boolean encrypted) {
			this.encrypted = encrypted;
			return this;
		}

		/**
		 * Changes {@link AgentGatewaySettings#connection()}.
		 * @param customizer sets what is not to have its default
		 * @return this builder
		 */
		public Builder connection(Consumer<ConnectionSettings.Builder> customizer) {
			customizer.accept(this.connection);
			return this;
		}

		/**
		 * Changes {@link AgentGatewaySettings#handling()}.
		 * @param customizer sets what is not to have its default
		 * @return this builder
		 */
		public Builder handling(Consumer<HandlingSettings.Builder> customizer) {
			customizer.accept(this.handling);
			return this;
		}

		/**
		 * Changes {@link AgentGatewaySettings#files()}.
		 * @param customizer sets what is not to have its default
		 * @return this builder
		 */
		public Builder files(Consumer<FileSettings.Builder> customizer) {
			customizer.accept(this.files);
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#observationRegistry()}.
		 * @param observationRegistry who observes what the client does
		 * @return this builder
		 * @see com.pacerelle.client.observation.PacerelleObservation
		 */
		public Builder observationRegistry(ObservationRegistry observationRegistry) {
			this.observationRegistry = observationRegistry;
			return this;
		}

		/**
		 * Builds the settings.
		 * @return the settings
		 * @throws InvalidSettingException if one is not valid
		 */
		public AgentGatewaySettings build() {
			return new AgentGatewaySettings(this.agentId, this.token, this.storeRoot, this.encrypted,
					this.connection.build(), this.handling.build(), this.files.build(), this.observationRegistry);
		}

	}

}
