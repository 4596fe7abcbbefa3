package com.pacerelle.client.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.Resource;
import org.springframework.lang.CheckReturnValue;

/**
 * A file that came with a message, or that was uploaded (gateway.md sections 4, 5.1,
 * 5.3). Its content is downloaded when it is asked for, and returned only after all of it
 * was verified. Its {@code toString()} has no name and no key.
 */
public sealed interface AgentAttachment permits DefaultAgentAttachment {

	/** The size up to which {@link #download()} works, in bytes. */
	long MAX_IN_MEMORY_SIZE = 16 * 1024 * 1024;

	/**
	 * The attachment's id.
	 * @return the id
	 */
	String id();

	/**
	 * The file's name, as the person sees it.
	 * @return the name; never use it as a path
	 */
	String name();

	/**
	 * The declared type.
	 * @return such as {@code image/png}
	 */
	String mime();

	/**
	 * The size.
	 * @return in bytes
	 */
	long size();

	/**
	 * Where the ciphertext is.
	 * @return the id of a blob
	 */
	String blobId();

	/**
	 * The declared digest of the ciphertext.
	 * @return SHA-256 in hex digits, or {@code null}
	 */
	@Nullable String sha256();

	/**
	 * The width.
	 * @return in pixels, or {@code null}
	 */
	@Nullable Integer width();

	/**
	 * The height.
	 * @return in pixels, or {@code null}
	 */
	@Nullable Integer height();

	/**
	 * The duration.
	 * @return in milliseconds, or {@code null}
	 */
	@Nullable Long durationMs();

	/**
	 * Where the thumbnail is.
	 * @return the id of a blob, or {@code null}
	 */
	@Nullable String thumbnailBlobId();

	/**
	 * The key.
	 * @return in Base64, or {@code null}: it cannot be read then
	 */
	@Nullable String keyB64();

	/**
	 * The initialization vector.
	 * @return in Base64, or {@code null}
	 */
	@Nullable String ivB64();

	/**
	 * Where its content comes from.
	 * @return the source
	 */
	AttachmentSource source();

	/**
	 * Downloads the file into memory.
	 * @return the content; fails with {@link AttachmentRefusedException}, also if it is
	 * larger than {@link #MAX_IN_MEMORY_SIZE}, or with {@link FileTransferException}
	 */
	@CheckReturnValue
	Mono<byte[]> download();

	/**
	 * Downloads the file to a path.
	 * @param target where to; never a path that is made of {@link #name()}. What is there
	 * is replaced, and only when the whole file is there; only the owner can read it
	 * @return the target; fails with {@link AttachmentRefusedException},
	 * {@link FileTransferException} or an {@link IOException}
	 */
	@CheckReturnValue
	default Mono<Path> download(Path target) {
		return download(target, TransferListener.NONE);
	}

	/**
	 * Downloads the file to a path.
	 * @param target where to, see {@link #download(Path)}
	 * @param listener notified of the progress
	 * @return the target, see {@link #download(Path)}
	 */
	@CheckReturnValue
	Mono<Path> download(Path target, TransferListener listener);

	/**
	 * The file as a resource. Each {@link Resource#getInputStream()} downloads it, blocks
	 * meanwhile, and fails as {@link #download(Path)} does; nothing of it is kept.
	 * @return the resource, whose description has no name
	 */
	default Resource resource() {
		return new AttachmentResource(this);
	}

	/**
	 * The same attachment with its content from elsewhere.
	 * @param source where its content comes from
	 * @return the attachment
	 */
	default AgentAttachment from(AttachmentSource source) {
		return mutate().source(source).build();
	}

	/**
	 * Starts an attachment with what this one has.
	 * @return a builder
	 */
	Builder mutate();

	/**
	 * Starts an attachment whose content cannot be read, such as one that was stored.
	 * @param name the file's name
	 * @param mime the type
	 * @return a builder
	 */
	static Builder builder(String name, String mime) {
		return new Builder(name, mime);
	}

	/**
	 * Creates an attachment with a content of its own, such as the test of a handler
	 * needs it.
	 * @param name the file's name
	 * @param mime the type
	 * @param content the content
	 * @return the attachment
	 */
	static AgentAttachment of(String name, String mime, byte[] content) {
		byte[] copy = content.clone();
		return builder(name, mime).size(copy.length)
			.source((attachment, listener) -> Mono.fromSupplier(() -> new ByteArrayInputStream(copy)))
			.build();
	}

	/**
	 * Builds an {@link AgentAttachment}.
	 */
	final class Builder {

		private static final AttachmentSource NO_SOURCE = (attachment, listener) -> Mono
			.error(new IllegalStateException("The attachment does not come from a client: "
					+ "AgentGatewayClient.readable(attachment) makes it readable"));

		private String name;

		private String mime;

		private @Nullable String id;

		private long size;

		private @Nullable String blobId;

		private @Nullable String sha256;

		private @Nullable Integer width;

		private @Nullable Integer height;

		private @Nullable Long durationMs;

		private @Nullable String thumbnailBlobId;

		private @Nullable String keyB64;

		private @Nullable String ivB64;

		private AttachmentSource source = NO_SOURCE;

		private Builder(String name, String mime) {
			this.name = Objects.requireNonNull(name, "'name' must not be null");
			this.mime = Objects.requireNonNull(mime, "'mime' must not be null");
		}

		/**
		 * Sets {@link AgentAttachment#name()}.
		 * @param name the file's name
		 * @return this builder
		 */
		public Builder name(String name) {
			this.name = Objects.requireNonNull(name, "'name' must not be null");
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#mime()}.
		 * @param mime the type
		 * @return this builder
		 */
		public Builder mime(String mime) {
			this.mime = Objects.requireNonNull(mime, "'mime' must not be null");
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#id()}. Without it, the attachment gets a random
		 * one.
		 * @param id the attachment's id
		 * @return this builder
		 */
		public Builder id(String id) {
			this.id = id;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#size()}.
		 * @param size the size in bytes
		 * @return this builder
		 */
		public Builder size(long size) {
			this.size = size;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#blobId()}. Without it, the attachment gets a random
		 * one, which the relay does not know.
		 * @param blobId where the ciphertext is
		 * @return this builder
		 */
		public Builder blobId(String blobId) {
			this.blobId = blobId;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#sha256()}.
		 * @param sha256 the digest of the ciphertext, or {@code null}
		 * @return this builder
		 */
		public Builder sha256(@Nullable String sha256) {
			this.sha256 = sha256;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#width()} and {@link AgentAttachment#height()}.
		 * @param width the width in pixels, or {@code null}
		 * @param height the height in pixels, or {@code null}
		 * @return this builder
		 */
		public Builder dimensions(@Nullable Integer width, @Nullable Integer height) {
			this.width = width;
			this.height = height;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#durationMs()}.
		 * @param durationMs the duration in milliseconds, or {@code null}
		 * @return this builder
		 */
		public Builder durationMs(@Nullable Long durationMs) {
			this.durationMs = durationMs;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#thumbnailBlobId()}.
		 * @param thumbnailBlobId where the thumbnail is, or {@code null}
		 * @return this builder
		 */
		public Builder thumbnailBlobId(@Nullable String thumbnailBlobId) {
			this.thumbnailBlobId = thumbnailBlobId;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#keyB64()} and {@link AgentAttachment#ivB64()}.
		 * @param keyB64 the key in Base64, or {@code null}
		 * @param ivB64 the initialization vector in Base64, or {@code null}
		 * @return this builder
		 */
		public Builder key(@Nullable String keyB64, @Nullable String ivB64) {
			this.keyB64 = keyB64;
			this.ivB64 = ivB64;
			return this;
		}

		/**
		 * Sets {@link AgentAttachment#source()}.
		 * @param source where its content comes from
		 * @return this builder
		 */
		public Builder source(AttachmentSource source) {
			this.source = Objects.requireNonNull(source, "'source' must not be null");
			return this;
		}

		/**
		 * Builds the attachment.
		 * @return the attachment
		 */
		public AgentAttachment build() {
			return new DefaultAgentAttachment(either(this.id), this.name, this.mime, this.size, either(this.blobId),
					this.sha256, this.width, this.height, this.durationMs, this.thumbnailBlobId, this.keyB64,
					this.ivB64, this.source);
		}

		private static String either(@Nullable String id) {
			return (id != null) ? id : UUID.randomUUID().toString();
		}

	}

}
