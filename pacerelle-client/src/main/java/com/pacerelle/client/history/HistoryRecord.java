package com.pacerelle.client.history;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.pacerelle.client.codec.GatewayJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message in the archive of its conversation, as it travels (gateway.md section 6).
 *
 * @param keyId the id of the history key
 * @param epoch the epoch of the history key
 * @param ivB64 the nonce in Base64, 12 bytes
 * @param ciphertextB64 the ciphertext and its tag in Base64
 * @param aadVersion the version of the context's encoding, always 1
 */
@JsonPropertyOrder({ "keyId", "epoch", "ivB64", "ciphertextB64", "aadVersion" })
public record HistoryRecord(String keyId, long epoch, String ivB64, String ciphertextB64, int aadVersion) {

	static final int VERSION = 1;

	/**
	 * Reads a record; unknown fields are ignored.
	 * @param json a JSON object
	 * @return the record
	 * @throws InvalidHistoryRecordException if it is not a record
	 */
	public static HistoryRecord parse(String json) {
		ObjectNode node = GatewayJson.readObject(json);
		String keyId = string(node, "key_id");
		String iv = string(node, "iv_b64");
		String ciphertext = string(node, "ciphertext_b64");
		if (node == null || keyId == null || iv == null || ciphertext == null || !isLong(node.path("epoch"))
				|| !isLong(node.path("aad_version")) || node.path("aad_version").longValue() != VERSION) {
			throw new InvalidHistoryRecordException("A field is missing, has the wrong type or an unknown version");
		}
		return new HistoryRecord(keyId, node.path("epoch").longValue(), iv, ciphertext, VERSION);
	}

	/**
	 * Writes the record.
	 * @return a JSON object
	 */
	public String toJson() {
		return GatewayJson.MAPPER.writeValueAsString(this);
	}

	private static @Nullable String string(@Nullable ObjectNode node, String name) {
		return (node != null) ? node.path(name).stringValue(null) : null;
	}

	private static boolean isLong(JsonNode node) {
		return node.isIntegralNumber() && node.canConvertToLong();
	}

}
