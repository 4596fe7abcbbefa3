package com.pacerelle.client.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.AgentAttachment;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two halves of an attachment: what the relay sees in the envelope, and the secret
 * inside the encryption (gateway.md section 5.1).
 */
final class Attachments {

	private static final int MAX_TEXT_LENGTH = 512;

	private Attachments() {
	}

	/**
	 * Merges the halves. What is incomplete is left out; what is encrypted wins over what
	 * the relay could have changed. In an encrypted message each half needs a secret, and
	 * each secret has one half: the relay could have added the others.
	 * @param encrypted whether the payload came encrypted
	 * @param envelope the attachments of the envelope
	 * @param secrets the attachments of the payload
	 * @return the attachments in the order of the envelope
	 */
	static List<AgentAttachment> merge(boolean encrypted, JsonNode envelope, JsonNode secrets) {
		Map<String, JsonNode> secretById = new HashMap<>();
		for (JsonNode secret : elements(secrets)) {
			if (secret.path("id").isString() && secret.path("key_b64").isString() && secret.path("iv_b64").isString()) {
				secretById.put(secret.path("id").stringValue(), secret);
			}
		}
		List<AgentAttachment> attachments = new ArrayList<>();
		for (JsonNode half : elements(envelope)) {
			String id = half.path("id").stringValue(null);
			JsonNode secret = (id != null) ? secretById.get(id) : null;
			AgentAttachment attachment = (id != null && (secret != null || !encrypted)) ? merge(id, half, secret)
					: null;
			if (attachment != null) {
				attachments.add(attachment);
				if (encrypted) {
					secretById.remove(id);
				}
			}
		}
		return attachments;
	}

	private static @Nullable AgentAttachment merge(String id, JsonNode half, @Nullable JsonNode secret) {
		String name = half.path("name").stringValue(null);
		String mime = half.path("mime").stringValue(null);
		String blobId = half.path("blob_id").stringValue(null);
		Long size = count(half, "size");
		if (name == null || mime == null || blobId == null || size == null) {
			return null;
		}
		return AgentAttachment.builder(either(text(secret, "name"), name), either(text(secret, "mime"), mime))
			.id(id)
			.size(either(count(secret, "size"), size))
			.blobId(blobId)
			.sha256(half.path("sha256").stringValue(null))
			.dimensions(pixels(secret, half, "width"), pixels(secret, half, "height"))
			.durationMs(either(count(secret, "duration_ms"), count(half, "duration_ms")))
			.thumbnailBlobId(half.path("thumbnail_blob_id").stringValue(null))
			.key((secret != null) ? secret.path("key_b64").stringValue() : null,
					(secret != null) ? secret.path("iv_b64").stringValue() : null)
			.build();
	}

	private static Iterable<JsonNode> elements(JsonNode node) {
		return (node instanceof ArrayNode array) ? array : List.of();
	}

	private static @Nullable String text(@Nullable JsonNode node, String name) {
		String text = (node != null) ? node.path(name).stringValue(null) : null;
		return (text != null && !text.isEmpty() && text.codePointCount(0, text.length()) <= MAX_TEXT_LENGTH) ? text
				: null;
	}

	private static @Nullable Long count(@Nullable JsonNode node, String name) {
		JsonNode value = (node != null) ? node.path(name) : null;
		return (value != null && value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0)
				? value.longValue() : null;
	}

	private static @Nullable Integer pixels(@Nullable JsonNode secret, JsonNode half, String name) {
		Long count = either(count(secret, name), count(half, name));
		return (count != null && count <= Integer.MAX_VALUE) ? count.intValue() : null;
	}

	private static <T extends @Nullable Object> T either(@Nullable T first, T second) {
		return (first != null) ? first : second;
	}

	/**
	 * The half inside the encryption.
	 * @param attachment an attachment that was uploaded
	 * @return what opens it, with its real name and type
	 */
	static ObjectNode secret(AgentAttachment attachment) {
		if (attachment.keyB64() == null || attachment.ivB64() == null) {
			throw new IllegalArgumentException(
					"The attachment " + attachment.id() + " has no key: nobody could read it");
		}
		return GatewayJson.MAPPER.valueToTree(Secret.of(attachment));
	}

	/**
	 * The half in the envelope.
	 * @param attachment an attachment that was uploaded
	 * @return what the relay may know
	 */
	static Public publicHalf(AgentAttachment attachment) {
		return new Public(attachment.id(), "attachment", "application/octet-stream", attachment.size(),
				attachment.blobId(), attachment.sha256(), attachment.thumbnailBlobId());
	}

	/**
	 * The half in the envelope: name and type are the same for all.
	 *
	 * @param id the attachment's id
	 * @param name always {@code attachment}
	 * @param mime always {@code application/octet-stream}
	 * @param size the size of the plaintext in bytes
	 * @param blobId where the ciphertext is
	 * @param sha256 the digest of the ciphertext, or {@code null}
	 * @param thumbnailBlobId where the thumbnail is, or {@code null}
	 */
	@JsonPropertyOrder({ "id", "name", "mime", "size", "blobId", "sha256", "thumbnailBlobId" })
	record Public(String id, String name, String mime, long size, String blobId, @Nullable String sha256,
			@Nullable String thumbnailBlobId) {
	}

	private record Secret(String id, String blobId, @Nullable String keyB64, @Nullable String ivB64, String name,
			String mime, long size, @Nullable Integer width, @Nullable Integer height, @Nullable Long durationMs) {

		static Secret of(AgentAttachment attachment) {
			return new Secret(attachment.id(), attachment.blobId(), attachment.keyB64(), attachment.ivB64(),
					attachment.name(), attachment.mime(), attachment.size(), attachment.width(), attachment.height(),
					attachment.durationMs());
		}

		@Override
		public String toString() {
			return "Secret[id=" + this.id + "]";
		}

	}

}
