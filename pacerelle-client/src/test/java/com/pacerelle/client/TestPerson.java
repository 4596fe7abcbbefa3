package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import com.pacerelle.client.encryption.VerificationCode;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.session.SessionCipher;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A person with one device in one conversation with the agent.
 */
public final class TestPerson {

	private static final ProtocolAddress AGENT = ProtocolAddress.of("agent:agent-1");

	private static final SecureRandom RANDOM = new SecureRandom();

	private final TestRelay relay;

	private final String userId;

	private final String conversationId;

	private final @Nullable String deviceId;

	private final EcKeyPair identity;

	private final InMemorySignalStore store;

	private final Set<String> read = new HashSet<>();

	public TestPerson(TestRelay relay, String userId, String conversationId, @Nullable String deviceId) {
		this(relay, userId, conversationId, deviceId, EcKeyPair.generate(RANDOM));
	}

	private TestPerson(TestRelay relay, String userId, String conversationId, @Nullable String deviceId,
			EcKeyPair identity) {
		this.identity = identity;
		this.store = new InMemorySignalStore(identity, 100);
		this.relay = relay;
		this.userId = userId;
		this.conversationId = conversationId;
		this.deviceId = deviceId;
	}

	/**
	 * The same device, with the same identity, in another conversation.
	 * @param conversationId the conversation
	 * @return the person, without a session
	 */
	TestPerson in(String conversationId) {
		return new TestPerson(this.relay, this.userId, conversationId, this.deviceId, this.identity);
	}

	/**
	 * What the device shows.
	 * @return the code of its identity
	 */
	String verificationCode() {
		return VerificationCode.of(this.identity.publicKey());
	}

	/**
	 * Starts a session with the bundle that the agent published last.
	 * @return this person
	 */
	public TestPerson startSession() {
		JsonNode bundle = this.relay.bundles().get(this.relay.bundles().size() - 1);
		JsonNode oneTime = this.relay.takeOneTimePreKey();
		SessionCipher cipher = cipher();
		cipher.process(AGENT,
				new PreKeyBundle(bundle.get("registration_id").intValue(), bundle.get("device_id").intValue(),
						key(bundle, "identity_key"), bundle.get("signed_prekey_id").intValue(),
						key(bundle, "signed_prekey_public"), bytes(bundle, "signed_prekey_signature"),
						bundle.get("kyber_prekey_id").intValue(), bytes(bundle, "kyber_prekey_public"),
						bytes(bundle, "kyber_prekey_signature"),
						(oneTime != null) ? oneTime.get("prekey_id").intValue() : null,
						(oneTime != null) ? key(oneTime, "public_key") : null));
		this.store.commit(cipher.changes());
		return this;
	}

	/**
	 * Writes to the agent.
	 * @param text the text
	 * @return the message's id
	 */
	public String write(String text) {
		Map<String, Object> frame = frame(text);
		this.relay.deliver(frame);
		return (String) frame.get("id");
	}

	/**
	 * Encrypts a message without sending it.
	 * @param text the text
	 * @return the frame
	 */
	Map<String, Object> frame(String text) {
		return frame(encrypt(text.getBytes(StandardCharsets.UTF_8)));
	}

	Map<String, Object> frame(byte[] payload) {
		Map<String, Object> frame = new LinkedHashMap<>();
		frame.put("type", "MSG");
		frame.put("id", UUID.randomUUID().toString());
		frame.put("from", this.userId);
		if (this.deviceId != null) {
			frame.put("from_device_id", this.deviceId);
		}
		frame.put("conversation_id", this.conversationId);
		frame.put("to", "agent-1");
		frame.put("encrypted", true);
		frame.put("payload_b64", Base64.getEncoder().encodeToString(payload));
		return frame;
	}

	byte[] encrypt(byte[] plaintext) {
		SessionCipher cipher = cipher();
		byte[] encrypted = cipher.encrypt(AGENT, plaintext);
		this.store.commit(cipher.changes());
		return encrypted;
	}

	/**
	 * Reads what came from the agent to this person and was not read before; each message
	 * once, like an app that knows message ids.
	 * @return the texts in the order of their arrival
	 */
	List<String> readNew() {
		List<String> texts = new ArrayList<>();
		for (JsonNode message : this.relay.messages()) {
			if (isForMe(message) && this.read.add(message.get("id").stringValue())) {
				texts.add(decrypt(message));
			}
		}
		return texts;
	}

	private boolean isForMe(JsonNode message) {
		String device = message.path("to_device_id").stringValue(null);
		return message.get("to").stringValue().equals(this.userId)
				&& message.get("conversation_id").stringValue().equals(this.conversationId)
				&& Objects.equals(device, this.deviceId);
	}

	String decrypt(JsonNode message) {
		SessionCipher cipher = cipher();
		byte[] plaintext = cipher.decrypt(AGENT, Base64.getDecoder().decode(message.get("payload_b64").stringValue()));
		this.store.commit(cipher.changes());
		return new String(plaintext, StandardCharsets.UTF_8);
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, RANDOM, Clock.systemUTC());
	}

	private static EcPublicKey key(JsonNode node, String name) {
		return EcPublicKey.decode(bytes(node, name));
	}

	private static byte[] bytes(JsonNode node, String name) {
		return Base64.getDecoder().decode(node.get(name).stringValue());
	}

}
