package com.pacerelle.client.message;

import java.util.List;

/**
 * An answer whose value does not fit its widget or type.
 */
public final class InvalidAnswerException extends RuntimeException implements NotRetryable {

	private static final long serialVersionUID = 1L;

	private final List<String> messages;

	/**
	 * Creates the exception.
	 * @param ref the id of the widget
	 * @param messages what is wrong, as text for the person who answered; they do not
	 * repeat the value
	 */
	public InvalidAnswerException(String ref, List<String> messages) {
		super("The answer to widget '" + ref + "' is not valid");
		this.messages = List.copyOf(messages);
	}

	/**
	 * What is wrong, as text for the person who answered.
	 * @return the messages, not empty
	 */
	public List<String> messages() {
		return this.messages;
	}

}
