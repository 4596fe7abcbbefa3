package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import com.pacerelle.client.AgentGatewaySettings;

/**
 * Maps {@link PacerelleProperties} to {@link AgentGatewaySettings}.
 */
final class SettingsMapper {

	private final PacerelleProperties properties;

	SettingsMapper(PacerelleProperties properties) {
		this.properties = properties;
	}

	AgentGatewaySettings map(PacerelleConnectionDetails connectionDetails, boolean virtualThreads) {
		PacerelleProperties.Reconnect reconnect = this.properties.reconnect();
		if (reconnect.minBackoff().compareTo(reconnect.maxBackoff()) > 0) {
			throw new PacerelleConfigurationException(
					"'pacerelle.reconnect.min-backoff' is longer than 'pacerelle.reconnect.max-backoff'.",
					"Make 'min-backoff' at most as long as 'max-backoff'.");
		}
		return new AgentGatewaySettings(connectionDetails.getAgentId(), connectionDetails.getToken(),
				connectionDetails.getBaseUrl(), connectionDetails.getWebSocketUrl(), storeRoot(),
				this.properties.e2ee(), maxFrameSize(), this.properties.concurrency(), this.properties.queueCapacity(),
				this.properties.pingInterval(), this.properties.pongTimeout(), this.properties.connectTimeout(),
				reconnect.minBackoff(), reconnect.maxBackoff(), reconnect.tokenRefusedBackoff(),
				this.properties.handler().attempts(), this.properties.handler().backoff(), virtualThreads);
	}

	private Path storeRoot() {
		String root = this.properties.store().root();
		try {
			// Only shells know what the tilde means.
			return (root.equals("~") || root.startsWith("~/"))
					? Path.of(System.getProperty("user.home") + root.substring(1)) : Path.of(root);
		}
		catch (InvalidPathException ex) {
			throw new PacerelleConfigurationException(
					"'pacerelle.store.root' (environment variable PACERELLE_STORE_ROOT) is not a path.",
					"Set it to a directory that the application may write.", ex);
		}
	}

	private int maxFrameSize() {
		long bytes = this.properties.maxFrameSize().toBytes();
		if (bytes < 1 || bytes > Integer.MAX_VALUE) {
			throw new PacerelleConfigurationException("'pacerelle.max-frame-size' is less than 1B or more than 2GB.",
					"Set it to a size such as '1MB'.");
		}
		return (int) bytes;
	}

}
