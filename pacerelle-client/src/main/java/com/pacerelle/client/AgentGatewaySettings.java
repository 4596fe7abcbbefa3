package com.pacerelle.client;

import java.nio.file.Path;
import java.util.function.Consumer;

import io.micrometer.observation.ObservationRegistry;

/**
 * The settings of an {@link AgentGatewayClient} (gateway.md section 1). Its
 * {@code toString()} has no token.
 */
public sealed interface AgentGatewaySettings permits DefaultAgentGatewaySettings {

	/**
	 * The agent's id, copied from the app.
	 * @return the id
	 */
	String agentId();

	/**
	 * The agent's token, copied from the app. It counts until
	 * {@link AgentGatewayClient#replaceToken} gives another one.
	 * @return the token; secret
	 */
	String token();

	/**
	 * The directory under which each agent has its own.
	 * @return the directory
	 */
	Path storeRoot();

	/**
	 * Whether messages are end-to-end encrypted.
	 * @return {@code false} only for local debugging
	 */
	boolean encrypted();

	/**
	 * The settings of the connection to the relay.
	 * @return the settings
	 */
	ConnectionSettings connection();

	/**
	 * The settings of how messages are handled.
	 * @return the settings
	 */
	HandlingSettings handling();

	/**
	 * The settings of what files are sent and downloaded.
	 * @return the settings
	 */
	FileSettings files();

	/**
	 * Who observes what the client does.
	 * @return the registry
	 */
	ObservationRegistry observationRegistry();

	/**
	 * Starts from these settings.
	 * @return a builder
	 */
	Builder mutate();

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
	static Builder builder(String agentId, String token) {
		return new Builder(agentId, token);
	}

	/**
	 * Builds {@link AgentGatewaySettings}.
	 */
	final class Builder {

		private String agentId;

		private String token;

		private Path storeRoot = Path.of(System.getProperty("user.home"), ".pacerelle");

		private boolean encrypted = true;

		private final ConnectionSettings.Builder connection;

		private final HandlingSettings.Builder handling;

		private final FileSettings.Builder files;

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private Builder(String agentId, String token) {
			this.agentId = agentId;
			this.token = token;
			this.connection = new ConnectionSettings.Builder();
			this.handling = new HandlingSettings.Builder();
			this.files = new FileSettings.Builder();
		}

		Builder(AgentGatewaySettings settings, DefaultConnectionSettings connection) {
			this.agentId = settings.agentId();
			this.token = settings.token();
			this.storeRoot = settings.storeRoot();
			this.encrypted = settings.encrypted();
			this.connection = new ConnectionSettings.Builder(connection);
			this.handling = new HandlingSettings.Builder(settings.handling());
			this.files = new FileSettings.Builder(settings.files());
			this.observationRegistry = settings.observationRegistry();
		}

		/**
		 * Sets {@link AgentGatewaySettings#agentId()}.
		 * @param agentId the agent's id, copied from the app
		 * @return this builder
		 */
		public Builder agentId(String agentId) {
			this.agentId = agentId;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#token()}.
		 * @param token the agent's token, copied from the app
		 * @return this builder
		 */
		public Builder token(String token) {
			this.token = token;
			return this;
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
			return new DefaultAgentGatewaySettings(this.agentId, this.token, this.storeRoot, this.encrypted,
					this.connection.build(), this.handling.build(), this.files.build(), this.observationRegistry);
		}

	}

}
