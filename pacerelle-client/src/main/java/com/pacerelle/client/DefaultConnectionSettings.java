package com.pacerelle.client;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Checks the settings of the connection. Not public, so that more can be added.
 *
 * @param ownWebSocketUrl the relay's WebSocket address, or {@code null} to derive it from
 * the base URL
 */
record DefaultConnectionSettings(URI baseUrl, @Nullable URI ownWebSocketUrl, TransportSettings transport,
		int maxFrameSize, Duration pingInterval, Duration pongTimeout, Duration connectTimeout, Duration minBackoff,
		Duration maxBackoff, Duration tokenRefusedBackoff) implements ConnectionSettings {

	private static final int SMALLEST_MAX_FRAME_SIZE = 65_536;

	DefaultConnectionSettings {
		baseUrl = requireUrl("baseUrl", baseUrl, "http", "https://api.pacerelle.com");
		ownWebSocketUrl = (ownWebSocketUrl != null)
				? requireUrl("webSocketUrl", ownWebSocketUrl, "ws", "wss://api.pacerelle.com") : null;
		transport.require("connection.baseUrl", baseUrl);
		if (ownWebSocketUrl != null) {
			transport.require("connection.webSocketUrl", ownWebSocketUrl);
		}
		require(maxFrameSize >= SMALLEST_MAX_FRAME_SIZE, "maxFrameSize",
				"must be at least " + SMALLEST_MAX_FRAME_SIZE + " bytes");
		requirePositive("pingInterval", pingInterval);
		requirePositive("pongTimeout", pongTimeout);
		requirePositive("connectTimeout", connectTimeout);
		requirePositive("minBackoff", minBackoff);
		requirePositive("tokenRefusedBackoff", tokenRefusedBackoff);
		require(maxBackoff.compareTo(minBackoff) >= 0, "maxBackoff", "must not be shorter than the minimum back-off");
	}

	@Override
	public URI webSocketUrl() {
		return (this.ownWebSocketUrl != null) ? this.ownWebSocketUrl
				: URI.create("ws" + this.baseUrl.toString().substring("http".length()));
	}

	private static URI requireUrl(String name, URI url, String scheme, String example) {
		String actual = url.getScheme();
		boolean valid = (scheme.equalsIgnoreCase(actual) || (scheme + "s").equalsIgnoreCase(actual))
				&& url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null
				&& url.getRawUserInfo() == null;
		require(valid, name, "must be an address such as " + example + ", without user, query or fragment");
		return URI
			.create(actual.toLowerCase(Locale.ROOT) + url.toString().substring(actual.length()).replaceAll("/+$", ""));
	}

	private static void requirePositive(String name, Duration value) {
		require(value.compareTo(Duration.ZERO) > 0, name, "must be longer than zero");
	}

	private static void require(boolean valid, String name, String reason) {
		InvalidSettingException.require(valid, "connection." + name, reason);
	}

}
