package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.crypto.AEADBadTagException;

import com.pacerelle.client.encryption.GroupMessage;
import com.pacerelle.client.store.GroupKey;
import tools.jackson.databind.JsonNode;

/**
 * A group whose members share keys, and give them to the agent over the relay.
 */
final class TestGroup {

	private static final SecureRandom RANDOM = new SecureRandom();

	private final TestRelay relay;

	private final String conversationId;

	private final List<Map<String, Object>> envelopes = new CopyOnWriteArrayList<>();

	private GroupKey key;

	TestGroup(TestRelay relay, String conversationId) {
		this.relay = relay;
		this.conversationId = conversationId;
		this.key = newKey("k-1", 1);
		relay.distribute(() -> TestRelay.JSON.writeValueAsString(this.envelopes));
	}

	private GroupKey newKey(String keyId, long epoch) {
		byte[] bytes = new byte[32];
		RANDOM.nextBytes(bytes);
		return new GroupKey(this.conversationId, keyId, epoch, bytes);
	}

	/**
	 * Members use a new key from now on.
	 * @param epoch its epoch
	 * @return the key before
	 */
	GroupKey rotate(long epoch) {
		GroupKey before = this.key;
		this.key = newKey("k-" + epoch, epoch);
		return before;
	}

	/**
	 * Members go on with a key that they used before.
	 * @param key the key
	 */
	void use(GroupKey key) {
		this.key = key;
	}

	GroupKey key() {
		return this.key;
	}

	/** What the relay has for the agent. */
	List<Map<String, Object>> envelopes() {
		return this.envelopes;
	}

	/**
	 * A member gives the agent the present key.
	 * @param member who does
	 * @return the envelope
	 */
	Map<String, Object> distribute(TestPerson member) {
		Map<String, Object> envelope = envelope(member, TestRelay.JSON.writeValueAsString(senderKey()));
		this.envelopes.add(envelope);
		return envelope;
	}

	Map<String, Object> senderKey() {
		Map<String, Object> senderKey = new LinkedHashMap<>();
		senderKey.put("type", "pacerelle.group.sender_key");
		senderKey.put("v", 1);
		senderKey.put("alg", "AES-256-GCM");
		senderKey.put("conversation_id", this.conversationId);
		senderKey.put("key_id", this.key.keyId());
		senderKey.put("epoch", this.key.epoch());
		senderKey.put("raw_key_b64", Base64.getEncoder().encodeToString(this.key.key()));
		return senderKey;
	}

	Map<String, Object> envelope(TestPerson member, String plaintext) {
		Map<String, Object> frame = member.frame(plaintext);
		Map<String, Object> envelope = new LinkedHashMap<>();
		envelope.put("conversation_id", this.conversationId);
		envelope.put("key_id", this.key.keyId());
		envelope.put("epoch", this.key.epoch());
		envelope.put("sender_id", frame.get("from"));
		envelope.put("sender_device_id", frame.get("from_device_id"));
		envelope.put("envelope_b64", frame.get("payload_b64"));
		return envelope;
	}

	/**
	 * A member writes to the group.
	 * @param from the member
	 * @param plaintext the plaintext
	 * @return the message's id
	 */
	String write(String from, String plaintext) {
		Map<String, Object> frame = frame(from, plaintext);
		this.relay.deliver(frame);
		return (String) frame.get("id");
	}

	Map<String, Object> frame(String from, String plaintext) {
		byte[] utf8 = plaintext.getBytes(StandardCharsets.UTF_8);
		return frame(from, GroupMessage.seal(this.key, utf8, RANDOM).toJson());
	}

	Map<String, Object> frame(String from, byte[] payload) {
		Map<String, Object> frame = new LinkedHashMap<>();
		frame.put("type", "MSG");
		frame.put("id", UUID.randomUUID().toString());
		frame.put("from", from);
		frame.put("from_device_id", "phone");
		frame.put("conversation_id", this.conversationId);
		frame.put("to", "group:" + this.conversationId);
		frame.put("encrypted", true);
		frame.put("payload_b64", Base64.getEncoder().encodeToString(payload));
		return frame;
	}

	/**
	 * Reads what the agent wrote, with the present key.
	 * @return the texts
	 */
	List<String> read() {
		return this.relay.messages().stream().map(this::open).toList();
	}

	private String open(JsonNode frame) {
		GroupMessage message = GroupMessage.parse(Base64.getDecoder().decode(frame.get("payload_b64").stringValue()));
		try {
			return new String(message.open(this.key), StandardCharsets.UTF_8);
		}
		catch (AEADBadTagException ex) {
			return "not for the present key";
		}
	}

}
