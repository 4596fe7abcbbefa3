package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One device of a person in a conversation with the agent of a {@link DevRelay}, alone or
 * in a {@link Group}: what the app is in production. The device has one identity in all
 * its conversations, and a session of its own in each, which starts with its first
 * message. Safe for use by several threads.
 */
public final class Person {

	private static final int REMEMBERED_MESSAGES = 10_000;

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final PersonAddress address;

	private final String agentId;

	private final Device device;

	private final AgentSession session;

	private final @Nullable Group group;

	private final PublishedKeys agentKeys;

	private final Mailbox mailbox;

	private final Blobs blobs;

	private final SecureRandom random;

	private final Consumer<RelayEvent> events;

	private final Sinks.Many<ReceivedMessage> received = Sinks.many().replay().limit(REMEMBERED_MESSAGES);

	private final Map<String, byte[]> digests = new LinkedHashMap<>() {
		@Override
		protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
			return size() > REMEMBERED_MESSAGES;
		}
	};

	Person(PersonAddress address, String agentId, Device device, @Nullable Group group, PublishedKeys agentKeys,
			Mailbox mailbox, Blobs blobs, SecureRandom random, Consumer<RelayEvent> events) {
		this.address = address;
		this.agentId = agentId;
		this.device = device;
		this.session = new AgentSession(agentId, agentKeys, device, random);
		this.group = group;
		this.agentKeys = agentKeys;
		this.mailbox = mailbox;
		this.blobs = blobs;
		this.random = random;
		this.events = events;
	}

	/**
	 * The conversation of this person with the agent.
	 * @return its id
	 */
	public String conversationId() {
		return this.address.conversationId();
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
		return send(text, null, null);
	}

	/**
	 * Encrypts a text as an answer to a message of the agent.
	 * @param text the text
	 * @param replyToMessageId the message that is answered, or {@code null}
	 * @return the id of the message
	 * @throws IllegalStateException as in {@link #send(String)}
	 * @throws AgentIdentityChangedException as in {@link #send(String)}
	 */
	public String send(String text, @Nullable String replyToMessageId) {
		return send(text, replyToMessageId, null);
	}

	/**
	 * Encrypts files, leaves them at the relay, and sends them with a text.
	 * @param text the text, possibly empty
	 * @param files the files
	 * @return the id of the message
	 * @throws IllegalStateException as in {@link #send(String)}
	 * @throws AgentIdentityChangedException as in {@link #send(String)}
	 */
	public String send(String text, List<PersonFile> files) {
		SentFiles sent = upload(files);
		ObjectNode message = MAPPER.createObjectNode().put("kind", "chat.message").put("text", text);
		message.set("attachments", sent.secrets());
		return send(MAPPER.writeValueAsString(message), null, sent.envelope());
	}

	private synchronized String send(String payload, @Nullable String replyToMessageId,
			@Nullable ArrayNode attachments) {
		byte[] plaintext = payload.getBytes(StandardCharsets.UTF_8);
		byte[] encrypted = (this.group != null) ? this.group.encrypt(this.address, this.session, plaintext)
				: this.session.encrypt(plaintext);
		String messageId = UUID.randomUUID().toString();
		ObjectNode frame = MAPPER.createObjectNode()
			.put("type", "MSG")
			.put("id", messageId)
			.put("from", this.address.userId())
			.put("conversation_id", this.address.conversationId())
			.put("to", (this.group != null) ? this.group.address() : this.agentId)
			.put("encrypted", true)
			.put("payload_b64", Base64.getEncoder().encodeToString(encrypted));
		if (this.address.deviceId() != null) {
			frame.put("from_device_id", this.address.deviceId());
		}
		if (replyToMessageId != null) {
			frame.put("reply_to_message_id", replyToMessageId);
		}
		if (attachments != null) {
			frame.set("attachments", attachments);
		}
		this.mailbox.add(messageId, this.address.userId(), this.address.conversationId(), frame.toString());
		this.events.accept(
				new RelayEvent.MessageExchanged(this, false, messageId, payload, replyToMessageId, encrypted.length));
		return messageId;
	}

	private SentFiles upload(List<PersonFile> files) {
		SentFiles sent = new SentFiles(MAPPER.createArrayNode(), MAPPER.createArrayNode());
		files.forEach((file) -> sent.add(file, this.blobs, this.random));
		return sent;
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
	 * Answers a file picker (gateway.md section 5.2).
	 * @param widgetId the id of the widget
	 * @param files the files
	 * @return the id of the message
	 * @throws IllegalStateException as in {@link #send(String)}
	 * @throws AgentIdentityChangedException as in {@link #send(String)}
	 */
	public String answerWithFiles(String widgetId, List<PersonFile> files) {
		SentFiles sent = upload(files);
		ObjectNode response = response(widgetId);
		response.putObject("value").set("files", sent.chosen());
		response.set("attachments", sent.secrets());
		return send(MAPPER.writeValueAsString(response), null, sent.envelope());
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
	 * Downloads and decrypts the files of a message.
	 * @param message a message that this person has received
	 * @return its files
	 * @throws IllegalStateException if the relay has no room for them any more
	 */
	public List<PersonFile> files(ReceivedMessage message) {
		return ReceivedFiles.of(message.text(), this.blobs);
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
	public boolean identityChanged() {
		return this.session.identityChanged();
	}

	/**
	 * Forgets the agent's former identity and all sessions with it: the next message
	 * trusts the identity that the agent publishes now.
	 */
	public void trustNewIdentity() {
		this.session.trustNewIdentity();
	}

	/**
	 * Gives the device another identity in all its conversations, as when the app is
	 * installed anew on it. It trusts the agent's identity of now.
	 */
	public void renewIdentity() {
		this.device.renewIdentity();
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
			// Before the person can answer it.
			this.events.accept(new RelayEvent.MessageExchanged(this, true, message.id(), text,
					message.replyToMessageId(), message.payload().length));
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
		byte[] plaintext = (this.group != null) ? this.group.decrypt(message.payload())
				: this.session.decrypt(message.payload());
		this.digests.put(message.id(), digest);
		return new String(plaintext, StandardCharsets.UTF_8);
	}

}
