package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A group of people and the agent of a {@link DevRelay}, who share one key (gateway.md
 * section 7). The member who writes first gives it to the agent. Safe for use by several
 * threads.
 */
public final class Group {

	private static final String ALGORITHM = "AES-256-GCM";

	private static final int EPOCH = 1;

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private final String conversationId;

	private final BiFunction<Group, PersonAddress, Person> people;

	private final SecureRandom random;

	private final String keyId = UUID.randomUUID().toString();

	private final byte[] key;

	private final Set<Person> members = new CopyOnWriteArraySet<>();

	private final List<ObjectNode> envelopes = new ArrayList<>();

	Group(String conversationId, BiFunction<Group, PersonAddress, Person> people, SecureRandom random) {
		this.conversationId = conversationId;
		this.people = people;
		this.random = random;
		this.key = AesGcm.newKey(random);
	}

	/**
	 * A member, who reads what the agent sends to the group from now on. The same address
	 * is always the same member.
	 * @param userId the person's id
	 * @param deviceId the device of the person, or {@code null} for a client without one
	 * @return the member
	 */
	public Person member(String userId, @Nullable String deviceId) {
		Person member = this.people.apply(this, new PersonAddress(userId, this.conversationId, deviceId));
		this.members.add(member);
		return member;
	}

	/** The address of the group. */
	String address() {
		return "group:" + this.conversationId;
	}

	/** What the relay has for the agent. */
	synchronized List<ObjectNode> envelopes() {
		return List.copyOf(this.envelopes);
	}

	/**
	 * Encrypts a message of a member.
	 * @param sender the member
	 * @param session the member's session, which takes the key to the agent
	 * @param plaintext the message
	 * @return the payload
	 */
	synchronized byte[] encrypt(PersonAddress sender, AgentSession session, byte[] plaintext) {
		if (this.envelopes.isEmpty()) {
			this.envelopes.add(envelope(sender, session));
		}
		byte[] nonce = AesGcm.newNonce(this.random);
		return MAPPER.writeValueAsBytes(typed("pacerelle.group.message").put("iv_b64", base64(nonce))
			.put("ciphertext_b64", base64(AesGcm.encrypt(this.key, nonce, additionalData(), plaintext))));
	}

	private ObjectNode envelope(PersonAddress sender, AgentSession session) {
		ObjectNode senderKey = typed("pacerelle.group.sender_key").put("raw_key_b64", base64(this.key));
		ObjectNode envelope = identified(MAPPER.createObjectNode()).put("sender_id", sender.userId())
			.put("envelope_b64", base64(session.encrypt(MAPPER.writeValueAsBytes(senderKey))));
		return (sender.deviceId() != null) ? envelope.put("sender_device_id", sender.deviceId()) : envelope;
	}

	/**
	 * Decrypts a message of the agent.
	 * @throws ProtocolViolationException if that is impossible
	 */
	byte[] decrypt(byte[] payload) {
		StrictObject message = StrictObject.parse("The message to the group", payload);
		boolean known = message.string("type").equals("pacerelle.group.message")
				&& message.string("alg").equals(ALGORITHM)
				&& message.string("conversation_id").equals(this.conversationId)
				&& message.string("key_id").equals(this.keyId);
		message.integer("v", 1, 1);
		message.integer("epoch", EPOCH, EPOCH);
		byte[] nonce = message.base64("iv_b64", AesGcm.NONCE_SIZE);
		byte[] ciphertext = message.base64("ciphertext_b64");
		message.end();
		if (!known) {
			throw new ProtocolViolationException("The message to the group is not encrypted with its key");
		}
		return AesGcm.decrypt(this.key, nonce, additionalData(), ciphertext);
	}

	/**
	 * Takes a message of the agent for all members.
	 * @throws ProtocolViolationException if it cannot be decrypted
	 */
	void receive(AgentFrame.Message message) {
		this.members.forEach((member) -> member.receive(message));
	}

	private ObjectNode typed(String type) {
		return identified(MAPPER.createObjectNode().put("type", type).put("v", 1).put("alg", ALGORITHM));
	}

	private ObjectNode identified(ObjectNode node) {
		return node.put("conversation_id", this.conversationId).put("key_id", this.keyId).put("epoch", EPOCH);
	}

	private byte[] additionalData() {
		return ("pacerelle:group-message:v1:" + this.conversationId + ":" + this.keyId + ":" + EPOCH)
			.getBytes(StandardCharsets.UTF_8);
	}

	private static String base64(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

}
