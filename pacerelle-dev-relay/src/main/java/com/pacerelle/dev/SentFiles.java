package com.pacerelle.dev;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two halves of files that a person sends: what the relay sees in the envelope, and
 * the secrets inside the encryption (gateway.md section 5.1).
 *
 * @param envelope for the envelope
 * @param secrets for the encrypted payload
 */
record SentFiles(ArrayNode envelope, ArrayNode secrets) {

	void add(PersonFile file, Blobs blobs, SecureRandom random) {
		byte[] key = AesGcm.newKey(random);
		byte[] nonce = AesGcm.newNonce(random);
		byte[] ciphertext = AesGcm.encrypt(key, nonce, new byte[0], file.content());
		String blobId = blobs.add(ciphertext);
		int size = file.content().length;
		this.envelope.addObject()
			.put("id", blobId)
			.put("name", "attachment")
			.put("mime", "application/octet-stream")
			.put("size", size)
			.put("blob_id", blobId)
			.put("sha256", HexFormat.of().formatHex(Sha256.digest(ciphertext)));
		described(this.secrets.addObject(), blobId, file.name(), file.mime(), size)
			.put("key_b64", Base64.getEncoder().encodeToString(key))
			.put("iv_b64", Base64.getEncoder().encodeToString(nonce));
	}

	/** The value of the answer to a file picker. */
	ArrayNode chosen() {
		ArrayNode chosen = JsonMapper.shared().createArrayNode();
		this.secrets.forEach((secret) -> described(chosen.addObject(), secret.get("id").stringValue(),
				secret.get("name").stringValue(), secret.get("mime").stringValue(), secret.get("size").intValue()));
		return chosen;
	}

	private static ObjectNode described(ObjectNode node, String blobId, String name, String mime, int size) {
		return node.put("id", blobId).put("name", name).put("mime", mime).put("size", size).put("blob_id", blobId);
	}

	@Override
	public String toString() {
		return "SentFiles[count=" + this.envelope.size() + "]";
	}

}
