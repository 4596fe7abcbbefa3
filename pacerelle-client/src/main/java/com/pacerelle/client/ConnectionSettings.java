package com.pacerelle.client;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The settings of the connection to the relay (gateway.md section 1).
 */
public sealed interface ConnectionSettings permits DefaultConnectionSettings {

	/**
	 * The relay's HTTP address.
	 * @return the address, without trailing slashes
	 */
	URI baseUrl();

	/**
	 * The relay's WebSocket address.
	 * @return the address that was set, or else the base URL with {@code ws} for
	 * {@code http}; without trailing slashes
	 */
	URI webSocketUrl();

	/**
	 * Where the socket is opened.
	 * @return the address, without the token that an attempt to connect adds
	 */
	default URI socketAddress() {
		return URI.create(webSocketUrl() + "/ws/agent");
	}

	/**
	 * What protects the way to both addresses.
	 * @return the settings
	 */
	TransportSettings transport();

	/**
	 * The largest frame that is accepted or sent.
	 * @return in bytes, at least 65536
	 */
	int maxFrameSize();

	/**
	 * How often the connection is probed.
	 * @return the interval
	 */
	Duration pingInterval();

	/**
	 * How long a probe may stay unanswered.
	 * @return the time-out
	 */
	Duration pongTimeout();

	/**
	 * How long a connection may take.
	 * @return the time-out
	 */
	Duration connectTimeout();

	/**
	 * The first pause between attempts to connect.
	 * @return the pause
	 */
	Duration minBackoff();

	/**
	 * The longest pause between attempts to connect.
	 * @return the pause
	 */
	Duration maxBackoff();

	/**
	 * The pause after a refused token.
	 * @return the pause
	 */
	Duration tokenRefusedBackoff();

	/**
	 * Builds {@link ConnectionSettings}.
	 */
	final class Builder {

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

		Builder(DefaultConnectionSettings settings) {
			this.baseUrl = settings.baseUrl();
			this.webSocketUrl = settings.ownWebSocketUrl();
			this.transport = settings.transport();
			this.maxFrameSize = settings.maxFrameSize();
			this.pingInterval = settings.pingInterval();
			this.pongTimeout = settings.pongTimeout();
			this.connectTimeout = settings.connectTimeout();
			this.minBackoff = settings.minBackoff();
			this.maxBackoff = settings.maxBackoff();
			this.tokenRefusedBackoff = settings.tokenRefusedBackoff();
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

		DefaultConnectionSettings build() {
			return new DefaultConnectionSettings(this.baseUrl, this.webSocketUrl, this.transport, this.maxFrameSize,
					this.pingInterval, this.pongTimeout, this.connectTimeout, this.minBackoff, this.maxBackoff,
					this.tokenRefusedBackoff);
		}

	}

}
