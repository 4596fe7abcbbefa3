package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.InsecureTransportException;
import com.pacerelle.client.InvalidSettingException;
import com.pacerelle.client.TransportSettings;
import org.jspecify.annotations.Nullable;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.util.StringUtils;

/**
 * Maps {@link PacerelleProperties} to {@link AgentGatewaySettings}.
 */
final class SettingsMapper {

	/** What a setting is called in the application's configuration. */
	private static final Map<String, String> PROPERTIES = Map.ofEntries(
			Map.entry("agentId", "'pacerelle.agent-id' (environment variable PACERELLE_AGENT_ID)"),
			Map.entry("token", "'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN)"),
			Map.entry("connection.baseUrl", "'pacerelle.base-url' (environment variable PACERELLE_BASE_URL)"),
			Map.entry("connection.webSocketUrl", "'pacerelle.web-socket-url' (environment variable PACERELLE_WS_URL)"),
			Map.entry("storeRoot", "'pacerelle.store.root' (environment variable PACERELLE_STORE_ROOT)"),
			Map.entry("importFrom", "'pacerelle.store.import-from'"),
			Map.entry("connection.maxFrameSize", "'pacerelle.max-frame-size'"),
			Map.entry("connection.pingInterval", "'pacerelle.ping-interval'"),
			Map.entry("connection.pongTimeout", "'pacerelle.pong-timeout'"),
			Map.entry("connection.connectTimeout", "'pacerelle.connect-timeout'"),
			Map.entry("connection.minBackoff", "'pacerelle.reconnect.min-backoff'"),
			Map.entry("connection.maxBackoff", "'pacerelle.reconnect.max-backoff'"),
			Map.entry("connection.tokenRefusedBackoff", "'pacerelle.reconnect.token-refused-backoff'"),
			Map.entry("handling.concurrency", "'pacerelle.concurrency'"),
			Map.entry("handling.queueCapacity", "'pacerelle.queue-capacity'"),
			Map.entry("handling.attempts", "'pacerelle.handler.attempts'"),
			Map.entry("handling.backoff", "'pacerelle.handler.backoff'"),
			Map.entry("handling.maxDeadLetters", "'pacerelle.handler.max-dead-letters'"),
			Map.entry("handling.deadLetterRetention", "'pacerelle.handler.dead-letter-retention'"),
			Map.entry("handling.timeout", "'pacerelle.handler.timeout'"),
			Map.entry("files.maxSize", "'pacerelle.files.max-size'"),
			Map.entry("files.acceptedTypes", "'pacerelle.files.accepted-types'"));

	private final PacerelleProperties properties;

	private final ObservationRegistry observationRegistry;

	private final List<AgentGatewaySettingsBuilderCustomizer> customizers;

	/** Those of one of several agents, which has some of its own. */
	private final Map<String, String> propertiesOfAgent;

	SettingsMapper(PacerelleProperties properties) {
		this(properties, ObservationRegistry.NOOP, List.of());
	}

	SettingsMapper(PacerelleProperties properties, ObservationRegistry observationRegistry,
			List<AgentGatewaySettingsBuilderCustomizer> customizers) {
		this(properties, observationRegistry, customizers, Map.of());
	}

	private SettingsMapper(PacerelleProperties properties, ObservationRegistry observationRegistry,
			List<AgentGatewaySettingsBuilderCustomizer> customizers, Map<String, String> propertiesOfAgent) {
		this.properties = properties;
		this.observationRegistry = observationRegistry;
		this.customizers = customizers;
		this.propertiesOfAgent = propertiesOfAgent;
	}

	/**
	 * A mapper that names the properties of one of several agents.
	 * @param prefix what the properties of the agent begin with
	 * @return the mapper
	 */
	SettingsMapper forAgent(String prefix) {
		return new SettingsMapper(this.properties, this.observationRegistry, this.customizers,
				Map.of("agentId", "'" + prefix + ".agent-id'", "token", "'" + prefix + ".token'", "connection.baseUrl",
						"'" + prefix + ".base-url'", "connection.webSocketUrl", "'" + prefix + ".web-socket-url'",
						"importFrom", "'" + prefix + ".import-from'"));
	}

	AgentGatewaySettings map(PacerelleConnectionDetails connectionDetails, TransportSettings transport,
			boolean virtualThreads) {
		PacerelleProperties.Reconnect reconnect = this.properties.reconnect();
		PacerelleProperties.Handler handler = this.properties.handler();
		PacerelleProperties.Files files = this.properties.files();
		try {
			AgentGatewaySettings.Builder builder = AgentGatewaySettings
				.builder(connectionDetails.getAgentId(), connectionDetails.getToken())
				.storeRoot(storeRoot())
				.encrypted(this.properties.e2ee())
				.connection((connection) -> connection.transport(transport)
					.maxFrameSize(maxFrameSize())
					.pingInterval(this.properties.pingInterval())
					.pongTimeout(this.properties.pongTimeout())
					.connectTimeout(this.properties.connectTimeout())
					.minBackoff(reconnect.minBackoff())
					.maxBackoff(reconnect.maxBackoff())
					.tokenRefusedBackoff(reconnect.tokenRefusedBackoff()))
				.handling((handling) -> handling.concurrency(this.properties.concurrency())
					.queueCapacity(this.properties.queueCapacity())
					.attempts(handler.attempts())
					.backoff(handler.backoff())
					.noRetryFor(Set.copyOf(handler.noRetryFor()))
					.maxDeadLetters(handler.maxDeadLetters())
					.deadLetterRetention(handler.deadLetterRetention())
					.logExceptionMessages(logExceptionMessages(connectionDetails))
					.timeout(handler.timeout())
					.virtualThreads(virtualThreads)
					.newDevice(this.properties.trust().newDevice()))
				.files((accepted) -> accepted.maxSize(files.maxSize().toBytes()).acceptedTypes(files.acceptedTypes()))
				.observationRegistry(this.observationRegistry);
			this.customizers.forEach((customizer) -> customizer.customize(builder));
			return builder
				.connection((connection) -> connection.baseUrl(connectionDetails.getBaseUrl())
					.webSocketUrl(connectionDetails.getWebSocketUrl()))
				.build();
		}
		catch (InsecureTransportException ex) {
			throw insecure(property(ex.setting()), ex);
		}
		catch (InvalidSettingException ex) {
			throw invalid(ex.setting(), ex.reason());
		}
	}

	private boolean logExceptionMessages(PacerelleConnectionDetails connectionDetails) {
		Boolean chosen = this.properties.logExceptionMessages();
		return (chosen != null) ? chosen : connectionDetails.isForDevelopment();
	}

	Path storeRoot() {
		return path(this.properties.store().root(), "storeRoot", "must be a directory");
	}

	/**
	 * Where the state of the agent is, if its store is new.
	 * @return the file or directory, or {@code null} if nothing is imported
	 */
	@Nullable Path importFrom() {
		return importFrom(this.properties.store().importFrom());
	}

	@Nullable Path importFrom(@Nullable String file) {
		return StringUtils.hasText(file) ? path(file, "importFrom", "must be a file or directory, or jdbc") : null;
	}

	private Path path(String value, String setting, String reason) {
		try {
			// Only shells know what the tilde means.
			return Path.of(value.startsWith("~/") ? System.getProperty("user.home") + value.substring(1) : value);
		}
		catch (InvalidPathException ex) {
			// Its message has the value.
			throw invalid(setting, reason);
		}
	}

	private int maxFrameSize() {
		long bytes = this.properties.maxFrameSize().toBytes();
		if (bytes > Integer.MAX_VALUE) {
			throw invalid("connection.maxFrameSize", "must be less than 2GB");
		}
		return (int) bytes;
	}

	static PacerelleConfigurationException insecure(String property, InsecureTransportException ex) {
		return new PacerelleConfigurationException(property + " " + ex.reason() + ".",
				"Use the https and wss addresses of the relay; 'pacerelle.ssl.bundle' names certificates of your own."
						+ " For a relay in a local network that you trust, set 'pacerelle.allow-insecure-transport=true'.");
	}

	private PacerelleConfigurationException invalid(String setting, String reason) {
		return PacerelleConfigurationException.invalid(property(setting), reason);
	}

	private String property(String setting) {
		return this.propertiesOfAgent.getOrDefault(setting, PROPERTIES.getOrDefault(setting, setting));
	}

}
