package com.pacerelle.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The settings of an {@link AgentGatewayClient} (gateway.md section 1). Its
 * {@code toString()} has no token.
 *
 * @param agentId the agent's id, copied from the app
 * @param token the agent's token, copied from the app; secret. It counts until
 * {@link AgentGatewayClient#replaceToken} gives another one
 * @param baseUrl the relay's HTTP address; trailing slashes are stripped
 * @param webSocketUrl the relay's WebSocket address; trailing slashes are stripped; or
 * {@code null} to derive it from the base URL
 * @param storeRoot the directory under which each agent has its own
 * @param encrypted whether messages are end-to-end encrypted; off only for local
 * debugging
 * @param maxFrameSize the largest frame that is accepted or sent, in bytes, at least
 * 65536
 * @param concurrency how many conversations are handled at once
 * @param queueCapacity how many messages wait in memory before the socket is not read
 * @param pingInterval how often the connection is probed
 * @param pongTimeout how long a probe may stay unanswered
 * @param connectTimeout how long a connection may take
 * @param minBackoff the first pause between attempts to connect
 * @param maxBackoff the longest pause
 * @param tokenRefusedBackoff the pause after a refused token
 * @param handlerAttempts how often a handler is called for one message before it is set
 * aside, at least 1
 * @param handlerBackoff the first pause between these calls; each is twice as long as the
 * one before
 * @param handlerTimeout how long a call of a handler may take, from the call to the end
 * of what it returns, the time not counted that a person takes to answer; zero for ever
 * @param maxFileSize the largest file that is sent or downloaded, in bytes, at least 0
 * @param acceptedFileTypes the types of attachments that are downloaded: types such as
 * {@code application/pdf}, wildcards such as {@code image/*}, extensions such as
 * {@code .pdf}; empty for all
 * @param virtualThreads whether handlers run on virtual threads where the JDK has them
 */
public record AgentGatewaySettings(String agentId, String token, URI baseUrl, @Nullable URI webSocketUrl,
		Path storeRoot, boolean encrypted, int maxFrameSize, int concurrency, int queueCapacity, Duration pingInterval,
		Duration pongTimeout, Duration connectTimeout, Duration minBackoff, Duration maxBackoff,
		Duration tokenRefusedBackoff, int handlerAttempts, Duration handlerBackoff, Duration handlerTimeout,
		long maxFileSize, List<String> acceptedFileTypes, boolean virtualThreads) {

	private static final int SMALLEST_MAX_FRAME_SIZE = 65_536;

	/**
	 * Checks and normalises the settings.
	 * @throws IllegalArgumentException if one is not valid; the message names it and says
	 * what to do
	 */
	public AgentGatewaySettings {
		requireCredential("agentId", agentId);
		requireCredential("token", token);
		baseUrl = requireUrl("baseUrl", baseUrl, "http", "https://api.pacerelle.com");
		webSocketUrl = (webSocketUrl != null)
				? requireUrl("webSocketUrl", webSocketUrl, "ws", "wss://api.pacerelle.com") : null;
		require(maxFrameSize >= SMALLEST_MAX_FRAME_SIZE, "maxFrameSize",
				"be at least " + SMALLEST_MAX_FRAME_SIZE + " bytes");
		require(concurrency >= 1, "concurrency", "be at least 1");
		require(queueCapacity >= 1, "queueCapacity", "be at least 1");
		requirePositive("pingInterval", pingInterval);
		requirePositive("pongTimeout", pongTimeout);
		requirePositive("connectTimeout", connectTimeout);
		requirePositive("minBackoff", minBackoff);
		requirePositive("tokenRefusedBackoff", tokenRefusedBackoff);
		require(maxBackoff.compareTo(minBackoff) >= 0, "maxBackoff", "not be shorter than 'minBackoff'");
		require(handlerAttempts >= 1, "handlerAttempts", "be at least 1");
		require(!handlerBackoff.isNegative(), "handlerBackoff", "not be negative");
		require(!handlerTimeout.isNegative(), "handlerTimeout", "not be negative");
		require(maxFileSize >= 0, "maxFileSize", "not be negative");
		acceptedFileTypes = new AcceptedTypes(acceptedFileTypes).patterns();
	}

	/**
	 * Starts from the defaults: the public relay, the store root {@code ~/.pacerelle},
	 * encryption, frames up to 16 MiB, 64 conversations at once, 1024 messages in memory,
	 * a ping every 15 s to be answered within 10 s, connections within 10 s, pauses of
	 * 500 ms to 30 s between attempts to connect and of 5 min after a refused token,
	 * three calls of a handler with a first pause of 200 ms, each of at most 10 minutes,
	 * files up to 100 MiB of all types, platform threads.
	 * @param agentId the agent's id, copied from the app
	 * @param token the agent's token, copied from the app
	 * @return a builder
	 */
	public static Builder builder(String agentId, String token) {
		return new Builder(agentId, token);
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
	 * @return the address without the token, which {@link TokenAppender} adds
	 */
	String socketAddress() {
		return webSocketUrl() + "/ws/agent";
	}

	@Override
	public String toString() {
		return "AgentGatewaySettings[agentId=" + this.agentId + ", baseUrl=" + this.baseUrl + "]";
	}

	static void requireCredential(String name, String value) {
		require(!value.isBlank(), name, "not be blank: copy it from the agent's settings in the app");
		require(value.chars().noneMatch((c) -> c <= ' ' || c == 0x7f), name,
				"not contain white space: copy it from the agent's settings in the app again");
	}

	private static URI requireUrl(String name, URI url, String scheme, String example) {
		String actual = url.getScheme();
		boolean valid = (scheme.equalsIgnoreCase(actual) || (scheme + "s").equalsIgnoreCase(actual))
				&& url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null
				&& url.getRawUserInfo() == null;
		require(valid, name, "be an address such as " + example + ", without user, query or fragment");
		return URI
			.create(actual.toLowerCase(Locale.ROOT) + url.toString().substring(actual.length()).replaceAll("/+$", ""));
	}

	private static void requirePositive(String name, Duration value) {
		require(value.compareTo(Duration.ZERO) > 0, name, "be longer than zero");
	}

	private static void require(boolean valid, String name, String rule) {
		if (!valid) {
			throw new IllegalArgumentException("'" + name + "' must " + rule);
		}
	}

	/**
	 * Builds {@link AgentGatewaySettings}.
	 */
	public static final class Builder {

		private final String agentId;

		private final String token;

		private URI baseUrl = URI.create("https://api.pacerelle.com");

		private @Nullable URI webSocketUrl;

		private Path storeRoot = Path.of(System.getProperty("user.home"), ".pacerelle");

		private boolean encrypted = true;

		private int maxFrameSize = 16 * 1024 * 1024;

		private int concurrency = 64;

		private int queueCapacity = 1024;

		private Duration pingInterval = Duration.ofSeconds(15);

		private Duration pongTimeout = Duration.ofSeconds(10);

		private Duration connectTimeout = Duration.ofSeconds(10);

		private Duration minBackoff = Duration.ofMillis(500);

		private Duration maxBackoff = Duration.ofSeconds(30);

		private Duration tokenRefusedBackoff = Duration.ofMinutes(5);

		private int handlerAttempts = 3;

		private Duration handlerBackoff = Duration.ofMillis(200);

		private Duration handlerTimeout = Duration.ofMinutes(10);

		private long maxFileSize = 100 * 1024 * 1024;

		private List<String> acceptedFileTypes = List.of();

		private boolean virtualThreads;

		private Builder(String agentId, String token) {
			this.agentId = agentId;
			this.token = token;
		}

		/**
		 * Sets {@link AgentGatewaySettings#baseUrl()}.
		 * @param baseUrl the relay's HTTP address
		 * @return this builder
		 */
		public Builder baseUrl(URI baseUrl) {
			this.baseUrl = baseUrl;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#webSocketUrl()}.
		 * @param webSocketUrl the relay's WebSocket address, or {@code null} to derive it
		 * @return this builder
		 */
		public Builder webSocketUrl(@Nullable URI webSocketUrl) {
			this.webSocketUrl = webSocketUrl;
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
		 * Sets {@link AgentGatewaySettings#maxFrameSize()}.
		 * @param maxFrameSize the largest frame, in bytes
		 * @return this builder
		 */
		public Builder maxFrameSize(int maxFrameSize) {
			this.maxFrameSize = maxFrameSize;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#concurrency()}.
		 * @param concurrency how many conversations are handled at once
		 * @return this builder
		 */
		public Builder concurrency(int concurrency) {
			this.concurrency = concurrency;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#queueCapacity()}.
		 * @param queueCapacity how many messages wait in memory
		 * @return this builder
		 */
		public Builder queueCapacity(int queueCapacity) {
			this.queueCapacity = queueCapacity;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#pingInterval()}.
		 * @param pingInterval how often the connection is probed
		 * @return this builder
		 */
		public Builder pingInterval(Duration pingInterval) {
			this.pingInterval = pingInterval;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#pongTimeout()}.
		 * @param pongTimeout how long a probe may stay unanswered
		 * @return this builder
		 */
		public Builder pongTimeout(Duration pongTimeout) {
			this.pongTimeout = pongTimeout;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#connectTimeout()}.
		 * @param connectTimeout how long a connection may take
		 * @return this builder
		 */
		public Builder connectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#minBackoff()}.
		 * @param minBackoff the first pause between attempts to connect
		 * @return this builder
		 */
		public Builder minBackoff(Duration minBackoff) {
			this.minBackoff = minBackoff;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#maxBackoff()}.
		 * @param maxBackoff the longest pause between attempts to connect
		 * @return this builder
		 */
		public Builder maxBackoff(Duration maxBackoff) {
			this.maxBackoff = maxBackoff;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#tokenRefusedBackoff()}.
		 * @param tokenRefusedBackoff the pause after a refused token
		 * @return this builder
		 */
		public Builder tokenRefusedBackoff(Duration tokenRefusedBackoff) {
			this.tokenRefusedBackoff = tokenRefusedBackoff;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#handlerAttempts()}.
		 * @param handlerAttempts how often a handler is called for one message
		 * @return this builder
		 */
		public Builder handlerAttempts(int handlerAttempts) {
			this.handlerAttempts = handlerAttempts;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#handlerBackoff()}.
		 * @param handlerBackoff the first pause between calls of a handler
		 * @return this builder
		 */
		public Builder handlerBackoff(Duration handlerBackoff) {
			this.handlerBackoff = handlerBackoff;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#handlerTimeout()}.
		 * @param handlerTimeout how long a call of a handler may take
		 * @return this builder
		 */
		public Builder handlerTimeout(Duration handlerTimeout) {
			this.handlerTimeout = handlerTimeout;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#maxFileSize()}.
		 * @param maxFileSize the largest file, in bytes
		 * @return this builder
		 */
		public Builder maxFileSize(long maxFileSize) {
			this.maxFileSize = maxFileSize;
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#acceptedFileTypes()}.
		 * @param acceptedFileTypes types, wildcards and extensions, empty for all
		 * @return this builder
		 */
		public Builder acceptedFileTypes(List<String> acceptedFileTypes) {
			this.acceptedFileTypes = List.copyOf(acceptedFileTypes);
			return this;
		}

		/**
		 * Sets {@link AgentGatewaySettings#virtualThreads()}.
		 * @param virtualThreads whether handlers run on virtual threads
		 * @return this builder
		 */
		public Builder virtualThreads(boolean virtualThreads) {
			this.virtualThreads = virtualThreads;
			return this;
		}

		/**
		 * Builds the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if one is not valid; the message names it and
		 * says what to do
		 */
		public AgentGatewaySettings build() {
			return new AgentGatewaySettings(this.agentId, this.token, this.baseUrl, this.webSocketUrl, this.storeRoot,
					this.encrypted, this.maxFrameSize, this.concurrency, this.queueCapacity, this.pingInterval,
					this.pongTimeout, this.connectTimeout, this.minBackoff, this.maxBackoff, this.tokenRefusedBackoff,
					this.handlerAttempts, this.handlerBackoff, this.handlerTimeout, this.maxFileSize,
					this.acceptedFileTypes, this.virtualThreads);
		}

	}

}
