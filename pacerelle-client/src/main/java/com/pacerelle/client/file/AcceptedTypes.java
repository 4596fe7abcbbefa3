package com.pacerelle.client.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MediaTypeRegistry;
import org.apache.tika.mime.MimeTypes;
import org.jspecify.annotations.Nullable;

import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;

/**
 * The types of files that the agent takes: types such as {@code application/pdf},
 * wildcards such as {@code image/*}, extensions such as {@code .pdf}; all if there are
 * none.
 *
 * @param patterns the types, wildcards and extensions, which {@link FileSettings} has
 * checked
 */
record AcceptedTypes(List<String> patterns) {

	/** How much of a file has all the magic bytes that are known. */
	static final int MAGIC_SIZE = 64 * 1024;

	boolean acceptsAll() {
		return this.patterns.isEmpty();
	}

	/**
	 * Checks what a person says about a file.
	 * @param name its name
	 * @param mime its declared type
	 * @return whether a file of that name or that type is accepted
	 */
	boolean accepts(String name, String mime) {
		MimeType type = mimeType(mime);
		return acceptsAll() || this.patterns.stream()
			.anyMatch((pattern) -> isExtension(pattern) ? hasExtension(name, pattern)
					: type != null && includes(pattern, type));
	}

	/**
	 * Checks what a file is.
	 * @param start its first {@value #MAGIC_SIZE} bytes, or all
	 * @param name its name, which tells types with the same magic bytes apart
	 * @return whether its content is of an accepted type. For an extension, it is of the
	 * type that the extension means, as far as that can be told
	 */
	boolean acceptsContent(byte[] start, String name) {
		if (acceptsAll()) {
			return true;
		}
		MediaType content = detect(start, name);
		MediaType named = detect(null, name);
		return this.patterns.stream()
			.anyMatch((pattern) -> isExtension(pattern)
					? hasExtension(name, pattern) && (content.equals(named) || named.equals(MediaType.OCTET_STREAM))
					: isOrSpecializes(content, pattern));
	}

	private static MediaType detect(byte @Nullable [] start, String name) {
		Metadata metadata = new Metadata();
		metadata.set(TikaCoreProperties.RESOURCE_NAME_KEY, name);
		try {
			return MimeTypes.getDefaultMimeTypes()
				.detect((start != null) ? new ByteArrayInputStream(start) : null, metadata);
		}
		catch (IOException ex) {
			throw new IllegalStateException("Bytes in memory can be read", ex);
		}
	}

	private static boolean isOrSpecializes(MediaType content, String pattern) {
		MediaTypeRegistry registry = MimeTypes.getDefaultMimeTypes().getMediaTypeRegistry();
		for (MediaType type = content; type != null; type = registry.getSupertype(type)) {
			MimeType candidate = mimeType(type.getBaseType().toString());
			if (candidate != null && includes(pattern, candidate)) {
				return true;
			}
		}
		return false;
	}

	private static boolean includes(String pattern, MimeType type) {
		return type.isConcrete() && MimeType.valueOf(pattern).includes(type);
	}

	private static boolean isExtension(String pattern) {
		return pattern.startsWith(".");
	}

	private static boolean hasExtension(String name, String extension) {
		return name.toLowerCase(Locale.ROOT).endsWith(extension.toLowerCase(Locale.ROOT));
	}

	private static @Nullable MimeType mimeType(String type) {
		try {
			return MimeType.valueOf(type);
		}
		catch (InvalidMimeTypeException ex) {
			return null;
		}
	}

}
