package com.pacerelle.client.file;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import com.pacerelle.client.FileSettings;
import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.event.Lifetime;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.AttachmentSource;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.observation.PacerelleObservation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Encrypts and uploads files (gateway.md section 5.3), each with a key of its own. Only
 * ciphertext is ever on the disk.
 */
public final class Uploads {

	private static final int BUFFER_SIZE = 64 * 1024;

	private static final Pattern HEX_SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

	private final BlobEndpoint endpoint;

	private final AttachmentSource source;

	private final Scheduler scheduler;

	private final Lifetime lifetime;

	private final Path directory;

	private final boolean encrypted;

	private final long maxSize;

	private final SecureRandom random;

	private final Observations observations;

	/**
	 * Creates the uploads of a client.
	 * @param settings says what may be sent
	 * @param encrypted whether the agent encrypts, else nothing is sent
	 * @param endpoint uploads ciphertext
	 * @param source reads what was uploaded
	 * @param scheduler where files are read and written
	 * @param lifetime ends transfers when the client stops
	 * @param directory where ciphertext is until it was uploaded
	 * @param random the source of all keys
	 * @param observations observe uploads
	 */
	public Uploads(FileSettings settings, boolean encrypted, BlobEndpoint endpoint, AttachmentSource source,
			Scheduler scheduler, Lifetime lifetime, Path directory, SecureRandom random, Observations observations) {
		this.endpoint = endpoint;
		this.source = source;
		this.scheduler = scheduler;
		this.lifetime = lifetime;
		this.directory = directory;
		this.encrypted = encrypted;
		this.maxSize = settings.maxSize();
		this.random = random;
		this.observations = observations;
	}

	/**
	 * Uploads the files of contents, one after the other. Blocks.
	 * @param contents the contents
	 * @return the contents in their order, each with its uploaded files
	 */
	public List<Uploaded> upload(List<? extends Content> contents) {
		return contents.stream().map(this::upload).toList();
	}

	private Uploaded upload(Content content) {
		List<AgentFile> files = List.of();
		if (content instanceof AgentFile file) {
			files = List.of(file);
		}
		else if (content instanceof Reply reply) {
			files = reply.files();
		}
		return new Uploaded(content,
				Objects.requireNonNull(Flux.fromIterable(files).concatMap(this::upload).collectList().block()));
	}

	/**
	 * Uploads a file, unless it is uploaded.
	 * @param file the file
	 * @return the attachment, with its key
	 */
	public Mono<AgentAttachment> upload(AgentFile file) {
		if (!this.encrypted) {
			return Mono.error(new IllegalStateException(
					"Files are only sent end-to-end encrypted: switch encryption on, or send no file"));
		}
		AgentAttachment uploaded = file.uploaded();
		if (uploaded != null) {
			return Mono.just(described(uploaded, file, null));
		}
		Mono<AgentAttachment> upload = Mono.using(() -> SpoolFile.open(this.directory), (spool) -> upload(file, spool),
				SpoolFile::close);
		return this.lifetime
			.limit(this.observations.observe(() -> this.observations.create(PacerelleObservation.UPLOAD, null, null),
					upload.subscribeOn(this.scheduler)));
	}

	private Mono<AgentAttachment> upload(AgentFile file, FileChannel spool) {
		Encrypted encrypted = encrypt(file, spool);
		return this.endpoint.upload(spool, encrypted.size + FileCipher.TAG_SIZE, file.listener()).map((stored) -> {
			requireSame(stored.sha256(), encrypted.sha256);
			AgentAttachment attachment = AgentAttachment.builder(file.name(), file.mime())
				.size(encrypted.size)
				.blobId(stored.id())
				.sha256(stored.sha256())
				.key(encrypted.keyB64, encrypted.ivB64)
				.source(this.source)
				.build();
			return described(attachment, file, encrypted.imageSize);
		});
	}

	private Encrypted encrypt(AgentFile file, FileChannel spool) {
		try (FileCipher cipher = FileCipher.generate(this.random); InputStream in = file.content().getInputStream()) {
			byte[] start = isMeasured(file) ? in.readNBytes(ImageSize.HEADER_SIZE) : new byte[0];
			MessageDigest digest = Digests.sha256();
			OutputStream out = new BufferedOutputStream(Channels.newOutputStream(spool), BUFFER_SIZE);
			long size = cipher.encrypt(new SequenceInputStream(new ByteArrayInputStream(start), in), out, digest,
					this.maxSize);
			out.flush();
			return new Encrypted(size, cipher.keyB64(), cipher.ivB64(), digest.digest(),
					isMeasured(file) ? ImageSize.read(start) : null);
		}
		catch (IOException ex) {
			// Without the cause, whose message may have the file's name.
			throw new FileTransferException(
					"A file cannot be read, or not be written to the temporary directory: " + ex.getClass().getName(),
					null);
		}
	}

	private static boolean isMeasured(AgentFile file) {
		return file.width() == null && file.mime().startsWith("image/");
	}

	/** A digest that is not in hex digits is not compared. */
	private static void requireSame(@Nullable String stored, byte[] sent) {
		if (stored != null && HEX_SHA256.matcher(stored).matches()
				&& !MessageDigest.isEqual(HexFormat.of().parseHex(stored), sent)) {
			throw new FileTransferException("A file could not be uploaded: the relay has stored something else", null);
		}
	}

	/** What the application says comes first. */
	private static AgentAttachment described(AgentAttachment attachment, AgentFile file,
			@Nullable ImageSize imageSize) {
		Integer width = file.width();
		Integer height = file.height();
		if (width == null && imageSize != null) {
			width = imageSize.width();
			height = imageSize.height();
		}
		Duration duration = file.duration();
		return attachment.mutate()
			.name(file.name())
			.mime(file.mime())
			.dimensions(width, height)
			.durationMs((duration != null) ? duration.toMillis() : null)
			.thumbnailBlobId(file.thumbnailBlobId())
			.build();
	}

	/**
	 * Content with its files on the relay. Its {@code toString()} has none of it.
	 *
	 * @param content the content
	 * @param attachments its files with their keys, in their order
	 */
	public record Uploaded(Content content, List<AgentAttachment> attachments) {

		@Override
		public String toString() {
			return "Uploaded[attachments=" + this.attachments.size() + "]";
		}

	}

	private record Encrypted(long size, String keyB64, String ivB64, byte[] sha256, @Nullable ImageSize imageSize) {

		@Override
		public String toString() {
			return "Encrypted[size=" + this.size + "]";
		}

	}

}
