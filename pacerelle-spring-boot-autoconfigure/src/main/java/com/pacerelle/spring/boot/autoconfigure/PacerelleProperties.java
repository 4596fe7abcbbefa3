package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.NewDevicePolicy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of the Pacerelle agent. Its {@code toString()} has no token.
 *
 * @param enabled Whether the application is an agent.
 * @param agentId Id of the agent, copied from the app. Environment variable
 * PACERELLE_AGENT_ID.
 * @param token Token of the agent, copied from the app; secret. Environment variable
 * PACERELLE_AGENT_TOKEN.
 * @param agents Several agents in one application, by names that handlers and beans have
 * as well. In place of 'pacerelle.agent-id' and 'pacerelle.token'.
 * @param baseUrl HTTP address of the relay. Environment variable PACERELLE_BASE_URL.
 * @param webSocketUrl WebSocket address of the relay, derived from the base URL unless
 * set. Environment variable PACERELLE_WS_URL.
 * @param allowInsecureTransport Whether http and ws are allowed to other machines, where
 * everybody on the way reads the token. For local networks that are trusted only.
 * @param ssl Certificates of the way to the relay.
 * @param store Where the agent keeps its keys and messages.
 * @param crypto Who computes the cryptography.
 * @param e2ee Whether messages are end-to-end encrypted. Off only to debug with a local
 * relay: then the relay and the network can read the messages.
 * @param failFast Whether the application fails to start when the relay cannot be reached
 * or refuses the token. Otherwise it starts, and connects as soon as that is possible.
 * @param logVerificationCode Whether the code that a person compares with the agent
 * verification dialog of the app is logged at the start.
 * @param logExceptionMessages Whether the messages of exceptions are logged when a
 * handler fails. They may quote what people wrote. On by default with the dev relay.
 * @param maxFrameSize Largest WebSocket frame that is accepted or sent. Larger ones are
 * ignored.
 * @param concurrency How many conversations are handled at the same time. The messages of
 * one conversation are always handled one after the other.
 * @param queueCapacity How many messages wait in memory with their content. Of those of
 * one conversation, all but a few are stored; while there are as many, reading pauses
 * until some are.
 * @param pingInterval How often the connection is probed.
 * @param pongTimeout How long a probe may stay unanswered before the connection counts as
 * lost.
 * @param connectTimeout How long opening a connection may take.
 * @param reconnect When a lost connection is opened again.
 * @param handler How messages are handled, and what happens when a handler fails or takes
 * too long.
 * @param files Which files are sent and downloaded.
 * @param trust Which devices of people are trusted.
 * @param shutdownGrace How long handlers may go on when the application stops. At most
 * what 'spring.lifecycle.timeout-per-shutdown-phase' leaves, less 8 seconds for closing.
 */
@ConfigurationProperties("pacerelle")
public record PacerelleProperties(@DefaultValue("true") boolean enabled, @Nullable String agentId,
		@Nullable String token, @DefaultValue Map<String, Agent> agents,
		@DefaultValue(PacerelleProperties.DEFAULT_BASE_URL) String baseUrl, @Nullable String webSocketUrl,
		@DefaultValue("false") boolean allowInsecureTransport, @DefaultValue Ssl ssl, @DefaultValue Store store,
		@DefaultValue Crypto crypto, @DefaultValue("true") boolean e2ee, @DefaultValue("false") boolean failFast,
		@DefaultValue("false") boolean logVerificationCode, @Nullable Boolean logExceptionMessages,
		@DefaultValue("16MB") DataSize maxFrameSize, @DefaultValue("64") int concurrency,
		@DefaultValue("4096") int queueCapacity, @DefaultValue("15s") Duration pingInterval,
		@DefaultValue("10s") Duration pongTimeout, @DefaultValue("10s") Duration connectTimeout,
		@DefaultValue Reconnect reconnect, @DefaultValue Handler handler, @DefaultValue Files files,
		@DefaultValue Trust trust, @DefaultValue("20s") Duration shutdownGrace) {

	private static final String DEFAULT_BASE_URL = "https://api.pacerelle.com";

	/**
	 * Takes an empty variable of the environment for one that is not set.
	 */
	public PacerelleProperties {
		baseUrl = StringUtils.hasText(baseUrl) ? baseUrl : DEFAULT_BASE_URL;
		webSocketUrl = StringUtils.hasText(webSocketUrl) ? webSocketUrl : null;
	}

	@Override
	public String toString() {
		return "PacerelleProperties[agentId=" + this.agentId + "]";
	}

	/**
	 * One of several agents. All other properties are those of all agents. Its
	 * {@code toString()} has no token.
	 *
	 * @param agentId Id of the agent, copied from the app.
	 * @param token Token of the agent, copied from the app; secret.
	 * @param baseUrl HTTP address of the relay, 'pacerelle.base-url' unless set.
	 * @param webSocketUrl WebSocket address of the relay, derived from the base URL of
	 * the agent if that is set, else 'pacerelle.web-socket-url'.
	 * @param importFrom File signal.db of the published Python SDK, as
	 * 'pacerelle.store.import-from'.
	 */
	public record Agent(@Nullable String agentId, @Nullable String token, @Nullable String baseUrl,
			@Nullable String webSocketUrl, @Nullable String importFrom) {

		@Override
		public String toString() {
			return "Agent[agentId=" + this.agentId + "]";
		}

	}

	/**
	 * Certificates of the way to the relay.
	 *
	 * @param bundle Name of the SSL bundle with the certificates that are trusted, and
	 * the one that is shown, for requests and the WebSocket. Those that the platform
	 * trusts unless set.
	 */
	public record Ssl(@Nullable String bundle) {
	}

	/**
	 * Where the agent keeps its keys and messages.
	 *
	 * @param type Where the store is. With 'sqlite' each agent has an embedded database,
	 * with 'jdbc' all agents are in the PostgreSQL database of the application's
	 * DataSource.
	 * @param root Directory in which each agent has a directory of its own. Environment
	 * variable PACERELLE_STORE_ROOT.
	 * @param encryptionKey Key that encrypts the secrets in the store, Base64 of 32
	 * bytes; secret. Without one, whoever reads its files reads them too.
	 * @param previousEncryptionKeys Keys that encrypted before, as long as a store still
	 * needs them; secret.
	 * @param importFrom File signal.db of the published Python SDK, with which a store
	 * that does not exist yet is created: the agent keeps its identity and its sessions.
	 * Once there is a store, nothing is imported.
	 * @param standby Whether an application whose agent runs elsewhere waits for it,
	 * instead of failing to start. With the type 'jdbc' only.
	 * @param leaseTime After what time the database takes its agents from an application
	 * that hangs or is cut off, from 2 seconds to 5 minutes. With the type 'jdbc' only.
	 */
	public record Store(@DefaultValue("sqlite") StoreType type, @DefaultValue(Store.DEFAULT_ROOT) String root,
			@Nullable String encryptionKey, @DefaultValue List<String> previousEncryptionKeys,
			@Nullable String importFrom, @DefaultValue("true") boolean standby,
			@DefaultValue("5s") Duration leaseTime) {

		private static final String DEFAULT_ROOT = "~/.pacerelle";

		/**
		 * Takes an empty variable of the environment for one that is not set.
		 */
		public Store {
			root = StringUtils.hasText(root) ? root : DEFAULT_ROOT;
			encryptionKey = StringUtils.hasText(encryptionKey) ? encryptionKey : null;
			importFrom = StringUtils.hasText(importFrom) ? importFrom : null;
		}

		@Override
		public String toString() {
			return "Store[type=" + this.type + ", root=" + this.root + "]";
		}

	}

	/**
	 * Who computes the cryptography.
	 *
	 * @param provider Name of a JCA provider of the JVM, which takes over what it has of
	 * X25519, AES, HMAC, SHA-2 and random numbers. BouncyCastle and the JDK unless set.
	 */
	public record Crypto(@Nullable String provider) {
	}

	/**
	 * When a lost connection is opened again.
	 *
	 * @param minBackoff First pause between attempts to connect. It doubles with each
	 * attempt, up to the longest, with some chance in it.
	 * @param maxBackoff Longest pause between attempts to connect.
	 * @param tokenRefusedBackoff Pause after the relay refused the token.
	 */
	public record Reconnect(@DefaultValue("500ms") Duration minBackoff, @DefaultValue("30s") Duration maxBackoff,
			@DefaultValue("5m") Duration tokenRefusedBackoff) {
	}

	/**
	 * How messages are handled.
	 *
	 * @param help Whether '/help' lists the commands that have a description, unless the
	 * application has a handler for it.
	 * @param attempts How often a handler is called for one message. After the last
	 * failure the message becomes a dead letter, and the person is told.
	 * @param backoff Pause before a handler is called again. It doubles with each call.
	 * @param timeout How long a call of a handler may take before it counts as failed.
	 * The time that people take to answer does not count. 0 for no limit.
	 * @param noRetryFor Exceptions after which a handler is not called again for the
	 * message. Subclasses count as well.
	 * @param maxDeadLetters How many messages that could not be handled are kept.
	 * @param deadLetterRetention How long messages that could not be handled are kept.
	 */
	public record Handler(@DefaultValue("true") boolean help, @DefaultValue("3") int attempts,
			@DefaultValue("200ms") Duration backoff, @DefaultValue("10m") Duration timeout,
			@DefaultValue List<Class<? extends Throwable>> noRetryFor, @DefaultValue("1000") int maxDeadLetters,
			@DefaultValue("30d") Duration deadLetterRetention) {
	}

	/**
	 * Which devices of people are trusted.
	 *
	 * @param newDevice What happens when a known person writes from a new device, or from
	 * one that has another identity elsewhere. With 'accept' its messages are handled,
	 * with 'notify' it is logged and published as an event as well, with 'approve' its
	 * messages wait until another device of the person, or the operator, has approved it.
	 */
	public record Trust(@DefaultValue("notify") NewDevicePolicy newDevice) {
	}

	/**
	 * Which files are sent and downloaded.
	 *
	 * @param maxSize Largest file that is sent or downloaded. Files are streamed, so that
	 * it is a matter of the disk and not of the memory.
	 * @param acceptedTypes Types of the attachments that are downloaded: types such as
	 * 'application/pdf', wildcards such as 'image/*', extensions such as '.pdf'. Name,
	 * declared type and magic bytes are checked. Empty for all.
	 */
	public record Files(@DefaultValue("100MB") DataSize maxSize, @DefaultValue List<String> acceptedTypes) {
	}

}
