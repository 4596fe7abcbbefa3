package com.pacerelle.client;

import java.util.List;

import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;

/**
 * The settings of what files are sent and downloaded.
 *
 * @param maxSize the largest file that is sent or downloaded, in bytes, at least 0
 * @param acceptedTypes the types of attachments that are downloaded: types such as
 * {@code application/pdf}, wildcards such as {@code image/*}, extensions such as
 * {@code .pdf}; empty for all
 */
public record FileSettings(long maxSize, List<String> acceptedTypes) {

	/**
	 * Checks the settings.
	 * @throws InvalidSettingException if one is not valid
	 */
	public FileSettings {
		InvalidSettingException.require(maxSize >= 0, "files.maxSize", "must not be negative");
		acceptedTypes = List.copyOf(acceptedTypes);
		for (String pattern : acceptedTypes) {
			InvalidSettingException.require(isExtension(pattern) || isType(pattern), "files.acceptedTypes",
					"must have types such as application/pdf, wildcards such as image/*, or extensions such as .pdf,"
							+ " not '" + pattern + "'");
		}
	}

	private static boolean isExtension(String pattern) {
		return pattern.startsWith(".") && pattern.length() > 1;
	}

	private static boolean isType(String pattern) {
		try {
			MimeType.valueOf(pattern);
			return true;
		}
		catch (InvalidMimeTypeException ex) {
			return false;
		}
	}

	/**
	 * Builds {@link FileSettings}.
	 */
	public static final class Builder {

		private long maxSize = 100 * 1024 * 1024;

		private List<String> acceptedTypes = List.of();

		Builder() {
		}

		Builder(FileSettings settings) {
			this.maxSize = settings.maxSize();
			this.acceptedTypes = settings.acceptedTypes();
		}

		/**
		 * Sets {@link FileSettings#maxSize()}.
		 * @param maxSize the largest file, in bytes
		 * @return this builder
		 */
		public Builder maxSize(long maxSize) {
			this.maxSize = maxSize;
			return this;
		}

		/**
		 * Sets {@link FileSettings#acceptedTypes()}.
		 * @param acceptedTypes types, wildcards and extensions, empty for all
		 * @return this builder
		 */
		public Builder acceptedTypes(List<String> acceptedTypes) {
			this.acceptedTypes = List.copyOf(acceptedTypes);
			return this;
		}

		FileSettings build() {
			return new FileSettings(this.maxSize, this.acceptedTypes);
		}

	}

}
