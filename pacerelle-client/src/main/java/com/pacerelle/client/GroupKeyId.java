package com.pacerelle.client;

import java.util.Base64;

import com.pacerelle.client.codec.AesGcm;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.codec.Utf8;
import com.pacerelle.client.store.GroupKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What names a group's key, in each of the objects that have to do with it (gateway.md
 * section 7).
 *
 * @param conversationId the group's conversation
 * @param keyId the key's id
 * @param epoch the key's epoch, in 1..2^53-1
 */
record GroupKeyId(String conversationId, String keyId, long epoch) {

	static final String ALGORITHM = "AES-256-GCM";

	private static final String SENDER_KEY_TYPE = "pacerelle.group.sender_key";

	private static final long MAX_EPOCH = (1L << 53) - 1;

	/**
	 * Reads the three fields.
	 * @param node an object
	 * @return the id, or {@code null} if one is missing or not valid
	 */
	static @Nullable GroupKeyId read(JsonNode node) {
		String conversationId = node.path("conversation_id").stringValue(null);
		String keyId = node.path("key_id").stringValue(null);
		JsonNode epoch = node.path("epoch");
		boolean valid = conversationId != null && InboundFrame.isId(conversationId) && keyId != null
				&& InboundFrame.isId(keyId) && epoch.isIntegralNumber() && epoch.canConvertToLong()
				&& epoch.longValue() >= 1 && epoch.longValue() <= MAX_EPOCH;
		return (valid && conversationId != null && keyId != null)
				? new GroupKeyId(conversationId, keyId, epoch.longValue()) : null;
	}

	boolean names(GroupKey key) {
		return this.conversationId.equals(key.conversationId()) && this.keyId.equals(key.keyId())
				&& this.epoch == key.epoch();
	}

	static boolean isOfType(ObjectNode node, String type) {
		JsonNode version = node.path("v");
		return type.equals(node.path("type").stringValue(null)) && version.isIntegralNumber()
				&& version.canConvertToInt() && version.intValue() == 1
				&& ALGORITHM.equals(node.path("alg").stringValue(null));
	}

	static byte @Nullable [] bytes(ObjectNode node, String name) {
		String base64 = node.path(name).stringValue(null);
		try {
			return (base64 != null) ? Base64.getDecoder().decode(base64) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Reads the key that a member sent.
	 * @param plaintext what was decrypted
	 * @return the key, or {@code null} if it is not the one with this id
	 */
	@Nullable GroupKey readKey(byte[] plaintext) {
		String text = Utf8.decode(plaintext);
		ObjectNode node = (text != null) ? GatewayJson.readObject(text) : null;
		if (node == null || !isOfType(node, SENDER_KEY_TYPE) || !equals(read(node))) {
			return null;
		}
		byte[] key = bytes(node, "raw_key_b64");
		return (key != null && key.length == AesGcm.KEY_SIZE)
				? new GroupKey(this.conversationId, this.keyId, this.epoch, key) : null;
	}

}
