package com.pacerelle.client.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.Resource;

/**
 * A file that came with a message, or that was uploaded (gateway.md sections 4, 5.1,
 * 5.3). Its content is downloaded when it is asked for, and returned only after all of it
 * was verified. Its {@code toString()} has no name and no key.
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
 * @param source where its content comes from
 */
public record AgentAttachment(String id, String name, String mime, long size, String blobId, @Nullable String sha256,
		@Nullable Integer width, @Nullable Integer height, @Nullable Long durationMs, @Nullable String thumbnailBlobId,
		@Nullable String keyB64, @Nullable String ivB64, AttachmentSource source) {

	/** The size up to which {@link #download()} works, in bytes. */
	public static final long MAX_IN_MEMORY_SIZE = 16 * 1024 * 1024;

	private static final AttachmentSource NO_SOURCE = (attachment, listener) -> Mono.error(new IllegalStateException(
			"The attachment does not come from a client: AgentGatewayClient.readable(attachment) makes it readable"));

	/**
	 * Creates an attachment whose content cannot be read, such as one that was stored.
	 * @param id the attachment's id
	 * @param name the file's name
	 * @param mime the declared type
	 * @param size the size in bytes
	 * @param blobId where the ciphertext is
	 * @param sha256 the declared digest of the ciphertext, or {@code null}
	 * @param width the width in pixels, or {@code null}
	 * @param height the height in pixels, or {@code null}
	 * @param durationMs the duration in milliseconds, or {@code null}
	 * @param thumbnailBlobId where the thumbnail is, or {@code null}
	 * @param keyB64 the key in Base64, or {@code null}
	 * @param ivB64 the initialization vector in Base64, or {@code null}
	 */
	public AgentAttachment(String id, String name, String mime, long size, String blobId, @Nullable String sha256,
			@Nullable Integer width, @Nullable Integer height, @Nullable Long durationMs,
			@Nullable String thumbnailBlobId, @Nullable String keyB64, @Nullable String ivB64) {
		this(id, name, mime, size, blobId, sha256, width, height, durationMs, thumbnailBlobId, keyB64, ivB64,
				NO_SOURCE);
	}

	/**
	 * Creates an attachment with a content of its own, such as the test of a handler
	 * needs it.
	 * @param name the file's name
	 * @param mime the type
	 * @param content the content
	 * @return the attachment
	 */
	public static AgentAttachment of(String name, String mime, byte[] content) {
		byte[] copy = content.clone();
		return new AgentAttachment(UUID.randomUUID().toString(), name, mime, copy.length, UUID.randomUUID().toString(),
				null, null, null, null, null, null, null,
				(attachment, listener) -> Mono.fromSupplier(() -> new ByteArrayInputStream(copy)));
	}

	/**
	 * The same attachment with its content from elsewhere.
	 * @param source where its content comes from
	 * @return the attachment
	 */
	public AgentAttachment from(AttachmentSource source) {
		return new AgentAttachment(this.id, this.name, this.mime, this.size, this.blobId, this.sha256, this.width,
				this.height, this.durationMs, this.thumbnailBlobId, this.keyB64, this.ivB64, source);
	}

	/**
	 * Downloads the file into memory.
	 * @return the content; fails with {@link AttachmentRefusedException}, also if it is
	 * larger than {@link #MAX_IN_MEMORY_SIZE}, or with {@link FileTransferException}
	 */
	public Mono<byte[]> download() {
		return Mono.defer(() -> {
			if (this.size > MAX_IN_MEMORY_SIZE) {
				return Mono.error(new AttachmentRefusedException(Reason.TOO_LARGE_FOR_MEMORY,
						"The attachment has " + this.size + " bytes, and at most " + MAX_IN_MEMORY_SIZE
								+ " are taken into memory: use download(Path) or resource()"));
			}
			return this.source.open(this, TransferListener.NONE);
		}).flatMap((content) -> Mono.fromCallable(() -> {
			try (content) {
				return content.readAllBytes();
			}
		}));
	}

	/**
	 * Downloads the file to a path.
	 * @param target where to; never a path that is made of {@link #name()}. What is there
	 * is replaced, and only when the whole file is there; only the owner can read it
	 * @return the target; fails with {@link AttachmentRefusedException},
	 * {@link FileTransferException} or an {@link IOException}
	 */
	public Mono<Path> download(Path target) {
		return download(target, TransferListener.NONE);
	}

	/**
	 * Downloads the file to a path.
	 * @param target where to, see {@link #download(Path)}
	 * @param listener notified of the progress
	 * @return the target, see {@link #download(Path)}
	 */
	public Mono<Path> download(Path target, TransferListener listener) {
		return Mono.defer(() -> this.source.open(this, listener)).flatMap((content) -> Mono.fromCallable(() -> {
			try (content) {
				return store(content, target.toAbsolutePath());
			}
		}));
	}

	private static Path store(InputStream content, Path target) throws IOException {
		Path part = Files.createTempFile(target.getParent(), ".", ".part");
		try {
			try (OutputStream out = Files.newOutputStream(part)) {
				content.transferTo(out);
			}
			return Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(part);
		}
	}

	/**
	 * The file as a resource. Each {@link Resource#getInputStream()} downloads it, blocks
	 * meanwhile, and fails as {@link #download(Path)} does; nothing of it is kept.
	 * @return the resource, whose description has no name
	 */
	public Resource resource() {
		return new AttachmentResource(this);
	}

	@Override
	public String toString() {
		return "AgentAttachment[id=" + this.id + ", size=" + this.size + "]";
	}

}
