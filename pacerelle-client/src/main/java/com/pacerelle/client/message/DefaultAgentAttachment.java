package com.pacerelle.client.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import com.pacerelle.client.message.AttachmentRefusedException.Reason;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What an attachment consists of. Not public, so that more can be added.
 */
record DefaultAgentAttachment(String id, String name, String mime, long size, String blobId, @Nullable String sha256,
		@Nullable Integer width, @Nullable Integer height, @Nullable Long durationMs, @Nullable String thumbnailBlobId,
		@Nullable String keyB64, @Nullable String ivB64, AttachmentSource source) implements AgentAttachment {

	@Override
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

	@Override
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

	@Override
	public Builder mutate() {
		return AgentAttachment.builder(this.name, this.mime)
			.id(this.id)
			.size(this.size)
			.blobId(this.blobId)
			.sha256(this.sha256)
			.dimensions(this.width, this.height)
			.durationMs(this.durationMs)
			.thumbnailBlobId(this.thumbnailBlobId)
			.key(this.keyB64, this.ivB64)
			.source(this.source);
	}

	@Override
	public String toString() {
		return "AgentAttachment[id=" + this.id + ", size=" + this.size + "]";
	}

}
