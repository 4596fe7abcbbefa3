package com.pacerelle.client.message;

import java.util.List;
import java.util.Objects;

/**
 * A text with any number of files. Its {@code toString()} has no text.
 *
 * @param text the text, possibly empty
 * @param files the files
 */
public record Reply(String text, List<AgentFile> files) implements Content {

	/**
	 * Creates a text with files.
	 */
	public Reply {
		Objects.requireNonNull(text, "'text' must not be null");
		files = List.copyOf(files);
	}

	/**
	 * Creates a text.
	 * @param text the text
	 */
	public Reply(String text) {
		this(text, List.of());
	}

	@Override
	public String toString() {
		return "Reply[files=" + this.files.size() + "]";
	}

}
