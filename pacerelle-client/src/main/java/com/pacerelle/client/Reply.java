package com.pacerelle.client;

import java.util.Objects;

/**
 * A reply to a message: it goes to the conversation and the device of the message, and
 * names it. Its {@code toString()} has no text.
 *
 * @param text the text
 */
public record Reply(String text) {

	/**
	 * Creates a reply.
	 */
	public Reply {
		Objects.requireNonNull(text, "'text' must not be null");
	}

	@Override
	public String toString() {
		return "Reply[]";
	}

}
