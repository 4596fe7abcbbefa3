package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

import javax.crypto.AEADBadTagException;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.pacerelle.client.codec.AesGcm;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.codec.Utf8;
import com.pacerelle.client.store.GroupKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The payload of a message to a group (gateway.md section 7).
 *
 * @param conversationId the group's conversation
 * @param keyId the id of the group's key
 * @param epoch the epoch of the key
 * @param nonce 12 bytes
 * @param ciphertext the ciphertext and its tag
 */
record GroupMessage(String conversationId, String keyId, long epoch, byte[] nonce, byte[] ciphertext) {

	private static final String TYPE = "pacerelle.group.message";

	/**
	 * Reads a payload.
	 * @param json the payload
	 * @return the message, or {@code null} if it is none
	 */
	static @Nullable GroupMessage parse(byte[] json) {
		String text = Utf8.decode(json);
		ObjectNode node = (text != null) ? GatewayJson.readObject(text) : null;
		GroupKeyId id = (node != null && GroupKeyId.isOfType(node, TYPE)) ? GroupKeyId.read(node) : null;
		if (node == null || id == null) {
			return null;
		}
		byte[] nonce = GroupKeyId.bytes(node, "iv_b64");
		byte[] ciphertext = GroupKeyId.bytes(node, "ciphertext_b64");
		if (nonce == null || nonce.length != AesGcm.NONCE_SIZE || ciphertext == null
				|| ciphertext.length < AesGcm.TAG_SIZE) {
			return null;
		}
		return new GroupMessage(id.conversationId(), id.keyId(), id.epoch(), nonce, ciphertext);
	}

	/**
	 * Encrypts a message.
	 * @param key the group's key
	 * @param plaintext the plaintext
	 * @param random the source of the nonce
	 * @return the message
	 */
	static GroupMessage seal(GroupKey key, byte[] plaintext, SecureRandom random) {
		byte[] nonce = new byte[AesGcm.NONCE_SIZE];
		random.nextBytes(nonce);
		return new GroupMessage(key.conversationId(), key.keyId(), key.epoch(), nonce,
				AesGcm.encrypt(key.key(), nonce, additionalData(key), plaintext));
	}

	byte[] open(GroupKey key) throws AEADBadTagException {
		return AesGcm.decrypt(key.key(), this.nonce, additionalData(key), this.ciphertext);
	}

	private static byte[] additionalData(GroupKey key) {
		return ("pacerelle:group-message:v1:" + key.conversationId() + ":" + key.keyId() + ":" + key.epoch())
			.getBytes(StandardCharsets.UTF_8);
	}

	byte[] toJson() {
		Base64.Encoder base64 = Base64.getEncoder();
		return GatewayJson.MAPPER.writeValueAsBytes(new Json(TYPE, 1, GroupKeyId.ALGORITHM, this.conversationId,
				this.keyId, this.epoch, base64.encodeToString(this.nonce), base64.encodeToString(this.ciphertext)));
	}

	@JsonPropertyOrder({ "type", "v", "alg", "conversationId", "keyId", "epoch", "ivB64", "ciphertextB64" })
	private record Json(String type, int v, String alg, String conversationId, String keyId, long epoch, String ivB64,
			String ciphertextB64) {
	}

}
