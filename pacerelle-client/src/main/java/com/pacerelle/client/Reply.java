package com.pacerelle.client;

/**
 * A reply to a message: it goes to the conversation and the device of the message, and
 * names it. Its {@code toString()} has no text.
 *
 * @param text the text
 */
public record Reply(String text) {

	@Override
	public String toString() {
		return "Reply[]";
	}

}
