package com.pacerelle.dev;

import java.net.URLConnection;
import java.util.Arrays;
import java.util.Objects;

/**
 * A file that a person sends or has received, as the person sees it. Its
 * {@code toString()} has neither name nor content.
 *
 * @param name its name
 * @param mime its type
 * @param content its content
 */
public record PersonFile(String name, String mime, byte[] content) {

	/**
	 * Creates a file.
	 */
	public PersonFile {
		content = content.clone();
	}

	/**
	 * Creates a file of the type that its name says.
	 * @param name its name
	 * @param content its content
	 * @return the file
	 */
	public static PersonFile of(String name, byte[] content) {
		return new PersonFile(name,
				Objects.requireNonNullElse(URLConnection.guessContentTypeFromName(name), "application/octet-stream"),
				content);
	}

	@Override
	public byte[] content() {
		return this.content.clone();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof PersonFile that && this.name.equals(that.name) && this.mime.equals(that.mime)
				&& Arrays.equals(this.content, that.content);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.name, this.mime, Arrays.hashCode(this.content));
	}

	@Override
	public String toString() {
		return "PersonFile[size=" + this.content.length + "]";
	}

}
