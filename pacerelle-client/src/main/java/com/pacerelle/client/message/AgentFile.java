package com.pacerelle.client.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MimeTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * A file of the agent (gateway.md section 5.3). Immutable: its methods return another
 * one. It is encrypted and uploaded when it is sent; its name, type and dimensions travel
 * only inside the encryption. Its {@code toString()} has no name.
 */
public final class AgentFile implements Content {

	private static final int MAX_METADATA_LENGTH = 512;

	private final String name;

	private final String mime;

	private final Resource content;

	private final Media media;

	private final TransferListener listener;

	private final @Nullable AgentAttachment uploaded;

	private AgentFile(String name, String mime, Resource content, Media media, TransferListener listener,
			@Nullable AgentAttachment uploaded) {
		this.name = requireMetadata("name", name);
		this.mime = requireMetadata("mime", mime);
		this.content = Objects.requireNonNull(content, "'content' must not be null");
		this.media = media;
		this.listener = Objects.requireNonNull(listener, "'listener' must not be null");
		this.uploaded = uploaded;
	}

	/**
	 * Creates a file with the name of a file on the disk and the type that its name says.
	 * @param path the file, read when it is sent
	 * @return the file
	 */
	public static AgentFile of(Path path) {
		return of(path.getFileName().toString(), new FileSystemResource(path));
	}

	/**
	 * Creates a file of the type that its name says.
	 * @param name the file's name, as the person sees it, 1 to 512 characters
	 * @param content the content
	 * @return the file
	 */
	public static AgentFile of(String name, byte[] content) {
		return of(name, new ByteArrayResource(content.clone()));
	}

	/**
	 * Creates a file of the type that its name says.
	 * @param name the file's name, as the person sees it, 1 to 512 characters
	 * @param content the content, opened once for each attempt to send it
	 * @return the file
	 */
	public static AgentFile of(String name, Resource content) {
		return new AgentFile(name, mimeOf(requireMetadata("name", name)), content, Media.UNKNOWN, TransferListener.NONE,
				null);
	}

	/**
	 * Creates a file that the relay has already: it is not uploaded again, and everybody
	 * it is sent to gets the same key.
	 * @param uploaded what an upload returned, or what came with a message
	 * @return the file
	 */
	public static AgentFile of(AgentAttachment uploaded) {
		Long durationMs = uploaded.durationMs();
		Media media = new Media(uploaded.width(), uploaded.height(),
				(durationMs != null) ? Duration.ofMillis(durationMs) : null, uploaded.thumbnailBlobId());
		return new AgentFile(uploaded.name(), uploaded.mime(), uploaded.resource(), media, TransferListener.NONE,
				uploaded);
	}

	/**
	 * Sets the type.
	 * @param mime the type, 1 to 512 characters
	 * @return the file
	 */
	public AgentFile mime(String mime) {
		return new AgentFile(this.name, mime, this.content, this.media, this.listener, this.uploaded);
	}

	/**
	 * Sets the size of the picture. Without it, it is read from the header of PNG, JPEG,
	 * GIF, BMP and TIFF pictures.
	 * @param width the width in pixels, at least 0
	 * @param height the height in pixels, at least 0
	 * @return the file
	 */
	public AgentFile dimensions(int width, int height) {
		if (width < 0 || height < 0) {
			throw new IllegalArgumentException("'width' and 'height' must not be negative");
		}
		return media(new Media(width, height, this.media.duration, this.media.thumbnailBlobId));
	}

	/**
	 * Sets the playing time.
	 * @param duration the duration, rounded down to milliseconds, not negative
	 * @return the file
	 */
	public AgentFile duration(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("'duration' must not be negative");
		}
		return media(new Media(this.media.width, this.media.height, duration, this.media.thumbnailBlobId));
	}

	/**
	 * Sets the thumbnail. The protocol has a place for the id of its blob, and none for
	 * its key: the reader must have the key from elsewhere. What this client uploads has
	 * a fresh key, and cannot be read as a thumbnail.
	 * @param blobId the id of the thumbnail's blob, not empty
	 * @return the file
	 */
	public AgentFile thumbnailBlobId(String blobId) {
		return media(
				new Media(this.media.width, this.media.height, this.media.duration, requireMetadata("blobId", blobId)));
	}

	/**
	 * Listens to its upload.
	 * @param listener notified of the progress, which starts again with each attempt
	 * @return the file
	 */
	public AgentFile onProgress(TransferListener listener) {
		return new AgentFile(this.name, this.mime, this.content, this.media, listener, this.uploaded);
	}

	private AgentFile media(Media media) {
		return new AgentFile(this.name, this.mime, this.content, media, this.listener, this.uploaded);
	}

	/**
	 * The file's name.
	 * @return as the person sees it
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The type.
	 * @return such as {@code image/png}
	 */
	public String mime() {
		return this.mime;
	}

	/**
	 * The content.
	 * @return opened once for each attempt to send it
	 */
	public Resource content() {
		return this.content;
	}

	/**
	 * The width.
	 * @return in pixels, or {@code null} if it was not set
	 */
	public @Nullable Integer width() {
		return this.media.width;
	}

	/**
	 * The height.
	 * @return in pixels, or {@code null} if it was not set
	 */
	public @Nullable Integer height() {
		return this.media.height;
	}

	/**
	 * The playing time.
	 * @return the duration, or {@code null} if it was not set
	 */
	public @Nullable Duration duration() {
		return this.media.duration;
	}

	/**
	 * Where its thumbnail is.
	 * @return the id of a blob, or {@code null}
	 */
	public @Nullable String thumbnailBlobId() {
		return this.media.thumbnailBlobId;
	}

	/**
	 * The listener of its upload.
	 * @return the listener
	 */
	public TransferListener listener() {
		return this.listener;
	}

	/**
	 * What the relay has already.
	 * @return the attachment, or {@code null} if the file is to be uploaded
	 */
	public @Nullable AgentAttachment uploaded() {
		return this.uploaded;
	}

	private static String requireMetadata(String name, String value) {
		if (value.isEmpty() || value.length() > MAX_METADATA_LENGTH) {
			throw new IllegalArgumentException(
					"'" + name + "' must have 1 to " + MAX_METADATA_LENGTH + " characters, not " + value.length());
		}
		return value;
	}

	private static String mimeOf(String name) {
		Metadata metadata = new Metadata();
		metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
		try {
			return MimeTypes.getDefaultMimeTypes().detect(null, metadata).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Nothing is read to judge a name", ex);
		}
	}

	@Override
	public String toString() {
		return "AgentFile[]";
	}

	private record Media(@Nullable Integer width, @Nullable Integer height, @Nullable Duration duration,
			@Nullable String thumbnailBlobId) {

		static final Media UNKNOWN = new Media(null, null, null, null);

		@Override
		public String toString() {
			return "Media[]";
		}

	}

}
