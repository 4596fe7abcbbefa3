package com.pacerelle.client;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The settings of the connection to the relay (gateway.md section 1).
 *
 * @param baseUrl the relay's HTTP address; trailing slashes are stripped
 * @param webSocketUrl the relay's WebSocket address; trailing slashes are stripped; or
 * {@code null} to derive it from the base URL
 * @param transport what protects the way to both addresses
 * @param maxFrameSize the largest frame that is accepted or sent, in bytes, at least
 * 65536
 * @param pingInterval how often the connection is probed
 * @param pongTimeout how long a probe may stay unanswered
 * @param connectTimeout how long a connection may take
 * @param minBackoff the first pause between attempts to connect
 * @param maxBackoff the longest pause
 * @param tokenRefusedBackoff the pause after a refused token
 */
public record ConnectionSettings(URI baseUrl, @Nullable URI webSocketUrl, TransportSettings transport, int maxFrameSize,
		Duration pingInterval, Duration pongTimeout, Duration connectTimeout, Duration minBackoff, Duration maxBackoff,
		Duration tokenRefusedBackoff) {

	private static final int SMALLEST_MAX_FRAME_SIZE = 65_536;

	/**
	 * Checks and normalises the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public ConnectionSettings {
		baseUrl = requireUrl("baseUrl", baseUrl, "http", "https://api.pacerelle.com");
		webSocketUrl = (webSocketUrl != null)
				? requireUrl("webSocketUrl", webSocketUrl, "ws", "wss://api.pacerelle.com") : null;
		transport.require("connection.baseUrl", baseUrl);
		if (webSocketUrl != null) {
			transport.require("connection.webSocketUrl", webSocketUrl);
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

	/**
	 * The relay's WebSocket address.
	 * @return the address that was set, or else the base URL with {@code ws} for
	 * {@code http}
	 */
	@Override
	public URI webSocketUrl() {
		return (this.webSocketUrl != null) ? this.webSocketUrl
				: URI.create("ws" + this.baseUrl.toString().substring("http".length()));
	}

	/**
	 * Where the socket is opened.
	 * @return the address, without the token that an attempt to connect adds
	 */
	public URI socketAddress() {
		return URI.create(webSocketUrl() + "/ws/agent");
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

	/**
	 * Builds {@link ConnectionSettings}.
	 */
	public static final class Builder {

		private URI baseUrl = URI.create("https://api.pacerelle.com");

		private @Nullable URI webSocketUrl;

		private TransportSettings transport = TransportSettings.DEFAULT;

		private int maxFrameSize = 16 * 1024 * 1024;

		private Duration pingInterval = Duration.ofSeconds(15);

		private Duration pongTimeout = Duration.ofSeconds(10);

		private Duration connectTimeout = Duration.ofSeconds(10);

		private Duration minBackoff = Duration.ofMillis(500);

		private Duration maxBackoff = Duration.ofSeconds(30);

		private Duration tokenRefusedBackoff = Duration.ofMinutes(5);

		Builder() {
		}

		/**
		 * Sets {@link ConnectionSettings#baseUrl()}.
		 * @param baseUrl the relay's HTTP address
		 * @return this builder
		 */
		public Builder baseUrl(URI baseUrl) {
			this.baseUrl = baseUrl;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#webSocketUrl()}.
		 * @param webSocketUrl the relay's WebSocket address, or {@code null} to derive it
		 * @return this builder
		 */
		public Builder webSocketUrl(@Nullable URI webSocketUrl) {
			this.webSocketUrl = webSocketUrl;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#transport()}.
		 * @param transport what protects the way to the relay
		 * @return this builder
		 */
		public Builder transport(TransportSettings transport) {
			this.transport = transport;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#maxFrameSize()}.
		 * @param maxFrameSize the largest frame, in bytes
		 * @return this builder
		 */
		public Builder maxFrameSize(int maxFrameSize) {
			this.maxFrameSize = maxFrameSize;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#pingInterval()}.
		 * @param pingInterval how often the connection is probed
		 * @return this builder
		 */
		public Builder pingInterval(Duration pingInterval) {
			this.pingInterval = pingInterval;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#pongTimeout()}.
		 * @param pongTimeout how long a probe may stay unanswered
		 * @return this builder
		 */
		public Builder pongTimeout(Duration pongTimeout) {
			this.pongTimeout = pongTimeout;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#connectTimeout()}.
		 * @param connectTimeout how long a connection may take
		 * @return this builder
		 */
		public Builder connectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#minBackoff()}.
		 * @param minBackoff the first pause between attempts to connect
		 * @return this builder
		 */
		public Builder minBackoff(Duration minBackoff) {
			this.minBackoff = minBackoff;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#maxBackoff()}.
		 * @param maxBackoff the longest pause between attempts to connect
		 * @return this builder
		 */
		public Builder maxBackoff(Duration maxBackoff) {
			this.maxBackoff = maxBackoff;
			return this;
		}

		/**
		 * Sets {@link ConnectionSettings#tokenRefusedBackoff()}.
		 * @param tokenRefusedBackoff the pause after a refused token
		 * @return this builder
		 */
		public Builder tokenRefusedBackoff(Duration tokenRefusedBackoff) {
			this.tokenRefusedBackoff = tokenRefusedBackoff;
			return this;
		}

		ConnectionSettings build() {
			return new ConnectionSettings(this.baseUrl, this.webSocketUrl, this.transport, this.maxFrameSize,
					this.pingInterval, this.pongTimeout, this.connectTimeout, this.minBackoff, this.maxBackoff,
					this.tokenRefusedBackoff);
		}

	}

}
