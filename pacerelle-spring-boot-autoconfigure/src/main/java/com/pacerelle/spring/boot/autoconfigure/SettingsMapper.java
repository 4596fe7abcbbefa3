package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import com.pacerelle.client.AgentGatewaySettings;

import org.springframework.util.Assert;

/**
 * Maps {@link PacerelleProperties} to {@link AgentGatewaySettings}.
 */
final class SettingsMapper {

	private static final Pattern SETTING = Pattern.compile("'(\\w+)'");

	/** What a setting is called in the application's configuration. */
	private static final Map<String, String> PROPERTIES = Map.ofEntries(
			Map.entry("agentId", "'pacerelle.agent-id' (environment variable PACERELLE_AGENT_ID)"),
			Map.entry("token", "'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN)"),
			Map.entry("baseUrl", "'pacerelle.base-url' (environment variable PACERELLE_BASE_URL)"),
			Map.entry("webSocketUrl", "'pacerelle.web-socket-url' (environment variable PACERELLE_WS_URL)"),
			Map.entry("storeRoot", "'pacerelle.store.root' (environment variable PACERELLE_STORE_ROOT)"),
			Map.entry("maxFrameSize", "'pacerelle.max-frame-size'"),
			Map.entry("concurrency", "'pacerelle.concurrency'"),
			Map.entry("queueCapacity", "'pacerelle.queue-capacity'"),
			Map.entry("pingInterval", "'pacerelle.ping-interval'"),
			Map.entry("pongTimeout", "'pacerelle.pong-timeout'"),
			Map.entry("connectTimeout", "'pacerelle.connect-timeout'"),
			Map.entry("minBackoff", "'pacerelle.reconnect.min-backoff'"),
			Map.entry("maxBackoff", "'pacerelle.reconnect.max-backoff'"),
			Map.entry("tokenRefusedBackoff", "'pacerelle.reconnect.token-refused-backoff'"),
			Map.entry("handlerAttempts", "'pacerelle.handler.attempts'"),
			Map.entry("handlerBackoff", "'pacerelle.handler.backoff'"),
			Map.entry("handlerTimeout", "'pacerelle.handler.timeout'"),
			Map.entry("maxFileSize", "'pacerelle.files.max-size'"),
			Map.entry("acceptedFileTypes", "'pacerelle.files.accepted-types'"));

	private final PacerelleProperties properties;

	SettingsMapper(PacerelleProperties properties) {
		this.properties = properties;
	}

	AgentGatewaySettings map(PacerelleConnectionDetails connectionDetails, boolean virtualThreads) {
		PacerelleProperties.Reconnect reconnect = this.properties.reconnect();
		try {
			return AgentGatewaySettings.builder(connectionDetails.getAgentId(), connectionDetails.getToken())
				.baseUrl(connectionDetails.getBaseUrl())
				.webSocketUrl(connectionDetails.getWebSocketUrl())
				.storeRoot(storeRoot())
				.encrypted(this.properties.e2ee())
				.maxFrameSize(maxFrameSize())
				.concurrency(this.properties.concurrency())
				.queueCapacity(this.properties.queueCapacity())
				.pingInterval(this.properties.pingInterval())
				.pongTimeout(this.properties.pongTimeout())
				.connectTimeout(this.properties.connectTimeout())
				.minBackoff(reconnect.minBackoff())
				.maxBackoff(reconnect.maxBackoff())
				.tokenRefusedBackoff(reconnect.tokenRefusedBackoff())
				.handlerAttempts(this.properties.handler().attempts())
				.handlerBackoff(this.properties.handler().backoff())
				.handlerTimeout(this.properties.handler().timeout())
				.maxFileSize(this.properties.files().maxSize().toBytes())
				.acceptedFileTypes(this.properties.files().acceptedTypes())
				.virtualThreads(virtualThreads)
				.build();
		}
		catch (IllegalArgumentException ex) {
			throw new PacerelleConfigurationException(inTermsOfProperties(String.valueOf(ex.getMessage())) + ".",
					"Correct the property, or remove it to use its default.");
		}
	}

	private static String inTermsOfProperties(String message) {
		return SETTING.matcher(message)
			.replaceAll((MatchResult setting) -> PROPERTIES.getOrDefault(setting.group(1), setting.group()));
	}

	Path storeRoot() {
		String root = this.properties.store().root();
		try {
			// Only shells know what the tilde means.
			return Path.of(root.startsWith("~/") ? System.getProperty("user.home") + root.substring(1) : root);
		}
		catch (InvalidPathException ex) {
			throw new IllegalArgumentException("'storeRoot' must be a directory");
		}
	}

	private int maxFrameSize() {
		long bytes = this.properties.maxFrameSize().toBytes();
		Assert.isTrue(bytes <= Integer.MAX_VALUE, "'maxFrameSize' must be less than 2GB");
		return (int) bytes;
	}

}
