package com.pacerelle.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A file that came with a message (gateway.md sections 4, 5.1, 5.3). Its
 * {@code toString()} has no name and no key.
 *
 * @param id the attachment's id
 * @param name the file's name, as the person sees it; never use it as a path
 * @param mime the declared type
 * @param size the size in bytes
 * @param blobId where the ciphertext is
 * @param sha256 the declared digest of the ciphertext, or {@code null}
 * @param width the width in pixels, or {@code null}
 * @param height the height in pixels, or {@code null}
 * @param durationMs the duration in milliseconds, or {@code null}
 * @param thumbnailBlobId where the thumbnail is, or {@code null}
 * @param keyB64 the key in Base64, or {@code null}: it cannot be read then
 * @param ivB64 the initialization vector in Base64, or {@code null}
 */
public record AgentAttachment(String id, String name, String mime, long size, String blobId, @Nullable String sha256,
		@Nullable Integer width, @Nullable Integer height, @Nullable Long durationMs, @Nullable String thumbnailBlobId,
		@Nullable String keyB64, @Nullable String ivB64) {

	@Override
	public String toString() {
		return "AgentAttachment[id=" + this.id + ", size=" + this.size + "]";
	}

}
