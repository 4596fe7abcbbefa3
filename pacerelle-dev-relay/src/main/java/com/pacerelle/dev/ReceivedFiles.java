package com.pacerelle.dev;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of a message, or of the answer to a file picker (gateway.md section 5.3).
 */
final class ReceivedFiles {

	private ReceivedFiles() {
	}

	static List<PersonFile> of(String payload, Blobs blobs) {
		List<PersonFile> files = new ArrayList<>();
		for (JsonNode secret : secrets(payload)) {
			byte[] ciphertext = blobs.get(secret.path("blob_id").asString());
			if (ciphertext == null) {
				throw new IllegalStateException("The relay does not have this file");
			}
			byte[] content = AesGcm.decrypt(bytes(secret, "key_b64"), bytes(secret, "iv_b64"), new byte[0], ciphertext);
			files.add(new PersonFile(secret.path("name").asString(), secret.path("mime").asString(), content));
		}
		return files;
	}

	private static Iterable<JsonNode> secrets(String payload) {
		if (!payload.startsWith("{")) {
			return List.of();
		}
		try {
			JsonNode message = JsonMapper.shared().readTree(payload);
			boolean hasFiles = message.path("kind").asString("").equals("chat.message")
					|| message.path("type").asString("").equals("widget.response");
			return hasFiles ? message.path("attachments") : List.of();
		}
		catch (JacksonException ex) {
			return List.of();
		}
	}

	private static byte[] bytes(JsonNode secret, String field) {
		return Base64.getDecoder().decode(secret.path(field).asString());
	}

}
