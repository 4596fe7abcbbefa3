package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.StaleSessionException;
import com.pacerelle.signal.session.SessionCipher;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One device of a person in a conversation with the agent of a {@link DevRelay}, with
 * keys and sessions of its own: what the app is in production. It starts the encrypted
 * session with its first message. Safe for use by several threads.
 */
public final class Person {

	private static final int REMEMBERED_MESSAGES = 10_000;

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final PersonAddress address;

	private final String agentId;

	private final ProtocolAddress peer;

	private final PublishedKeys agentKeys;

	private final Mailbox mailbox;

	private final SecureRandom random;

	private final Clock clock = Clock.systemUTC();

	private final Sinks.Many<ReceivedMessage> received = Sinks.many().replay().limit(REMEMBERED_MESSAGES);

	private final Map<String, byte[]> digests = new LinkedHashMap<>() {
		@Override
		protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
			return size() > REMEMBERED_MESSAGES;
		}
	};

	private InMemorySignalStore store;

	Person(PersonAddress address, String agentId, PublishedKeys agentKeys, Mailbox mailbox, SecureRandom random) {
		this.address = address;
		this.agentId = agentId;
		this.peer = ProtocolAddress.of("agent:" + agentId);
		this.agentKeys = agentKeys;
		this.mailbox = mailbox;
		this.random = random;
		this.store = new InMemorySignalStore(EcKeyPair.generate(random), 1 + random.nextInt(16380));
	}

	/**
	 * Encrypts a text and leaves it for the agent, which gets it now or when it connects,
	 * and again at each connection until it acknowledges it.
	 * @param text the text
	 * @return the id of the message
	 * @throws IllegalStateException if the agent has not published its keys yet, or has
	 * too many messages that it has not acknowledged
	 * @throws AgentIdentityChangedException if the agent has another identity than
	 * before; see {@link #trustNewIdentity()}
	 */
	public String send(String text) {
		return send(text, null);
	}

	/**
	 * Encrypts a text as an answer to a message of the agent.
	 * @param text the text
	 * @param replyToMessageId the message that is answered, or {@code null}
	 * @return the id of the message
	 * @throws IllegalStateException as in {@link #send(String)}
	 * @throws AgentIdentityChangedException as in {@link #send(String)}
	 */
	public synchronized String send(String text, @Nullable String replyToMessageId) {
		SessionCipher cipher = cipher();
		byte[] payload = encrypt(cipher, text.getBytes(StandardCharsets.UTF_8));
		this.store.commit(cipher.changes());
		String messageId = UUID.randomUUID().toString();
		ObjectNode frame = MAPPER.createObjectNode()
			.put("type", "MSG")
			.put("id", messageId)
			.put("from", this.address.userId())
			.put("conversation_id", this.address.conversationId())
			.put("to", this.agentId)
			.put("encrypted", true)
			.put("payload_b64", Base64.getEncoder().encodeToString(payload));
		if (this.address.deviceId() != null) {
			frame.put("from_device_id", this.address.deviceId());
		}
		if (replyToMessageId != null) {
			frame.put("reply_to_message_id", replyToMessageId);
		}
		this.mailbox.add(messageId, this.address.userId(), this.address.conversationId(), frame.toString());
		return messageId;
	}

	/**
	 * Answers a widget (gateway.md section 5.2).
	 * @param widgetId the id of the widget
	 * @param value what JSON can say: a {@link Boolean} for a confirmation, the id of an
	 * option for a choice, a {@link java.util.Map} for a form, and so on
	 * @return the id of the message
	 * @throws IllegalStateException as in {@link #send(String)}
	 * @throws AgentIdentityChangedException as in {@link #send(String)}
	 */
	public String answer(String widgetId, Object value) {
		return send(response(widgetId).putPOJO("value", value));
	}

	/**
	 * Refuses to answer a widget. To stop what a progress widget shows, answer it with
	 * {@code Map.of("cancelled", true)}.
	 * @param widgetId the id of the widget
	 * @return the id of the message
	 * @throws IllegalStateException as in {@link #send(String)}
	 * @throws AgentIdentityChangedException as in {@link #send(String)}
	 */
	public String cancel(String widgetId) {
		return send(response(widgetId).put("cancelled", true));
	}

	/**
	 * The messages of the agent, each once, in the order of their arrival.
	 * @return the messages so far, 10,000 at most, and those to come
	 */
	public Flux<ReceivedMessage> received() {
		return this.received.asFlux();
	}

	/**
	 * The first answer to a message.
	 * @param messageId the message of this person
	 * @return the answer, when it is there
	 */
	public Mono<ReceivedMessage> reply(String messageId) {
		return received().filter((message) -> messageId.equals(message.replyToMessageId())).next();
	}

	/**
	 * The code of the identity that the agent publishes now, to be compared with the one
	 * that the agent shows (gateway.md section 2.2).
	 * @return upper-case hex digits in groups of four, or {@code null} if the agent has
	 * not published its keys yet
	 */
	public @Nullable String verificationCode() {
		return this.agentKeys.verificationCode();
	}

	/**
	 * Whether the agent publishes another identity than the one this person trusted with
	 * the first message. Until {@link #trustNewIdentity()} nothing is sent.
	 * @return whether it changed
	 */
	public synchronized boolean identityChanged() {
		EcPublicKey trusted = this.store.identity(this.peer);
		return trusted != null && !Objects.equals(trusted, this.agentKeys.identity());
	}

	/**
	 * Forgets the agent's former identity and all sessions with it: the next message
	 * trusts the identity that the agent publishes now.
	 */
	public synchronized void trustNewIdentity() {
		this.store = new InMemorySignalStore(this.store.identityKeyPair(), this.store.registrationId());
	}

	PersonAddress address() {
		return this.address;
	}

	/**
	 * Takes a message of the agent; duplicates are ignored.
	 * @throws ProtocolViolationException if another message had the same id, or if it
	 * cannot be decrypted
	 */
	void receive(AgentFrame.Message message) {
		String text = decrypt(message);
		if (text != null) {
			this.received.emitNext(new ReceivedMessage(message.id(), text, message.replyToMessageId()),
					Sinks.EmitFailureHandler.FAIL_FAST);
		}
	}

	private String send(ObjectNode content) {
		return send(MAPPER.writeValueAsString(content));
	}

	private static ObjectNode response(String widgetId) {
		return MAPPER.createObjectNode()
			.put("type", "widget.response")
			.put("id", UUID.randomUUID().toString())
			.put("v", 1)
			.put("ref", widgetId);
	}

	private synchronized @Nullable String decrypt(AgentFrame.Message message) {
		byte[] digest = Sha256.digest(message.payload());
		byte[] known = this.digests.get(message.id());
		if (known != null) {
			if (!Arrays.equals(known, digest)) {
				throw new ProtocolViolationException("MSG has the id of another message");
			}
			return null;
		}
		SessionCipher cipher = cipher();
		byte[] plaintext;
		try {
			plaintext = cipher.decrypt(this.peer, message.payload());
		}
		catch (SignalProtocolException ex) {
			throw new ProtocolViolationException("MSG cannot be decrypted: " + ex.getMessage());
		}
		this.store.commit(cipher.changes());
		this.digests.put(message.id(), digest);
		return new String(plaintext, StandardCharsets.UTF_8);
	}

	private byte[] encrypt(SessionCipher cipher, byte[] plaintext) {
		if (identityChanged()) {
			throw new AgentIdentityChangedException();
		}
		try {
			return cipher.encrypt(this.peer, plaintext);
		}
		catch (NoSessionException | StaleSessionException ex) {
			PreKeyBundle bundle = this.agentKeys.take();
			if (bundle == null) {
				throw new IllegalStateException("The agent has not published its keys yet: start it first", ex);
			}
			cipher.process(this.peer, bundle);
			return cipher.encrypt(this.peer, plaintext);
		}
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, this.random, this.clock);
	}

}
