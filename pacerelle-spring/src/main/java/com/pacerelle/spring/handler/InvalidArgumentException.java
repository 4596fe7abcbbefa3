package com.pacerelle.spring.handler;

import java.util.List;

import com.pacerelle.client.message.NotRetryable;

/**
 * A text whose parts do not fit the {@link Argument @Argument} parameters of the handler
 * method that it was for. Nothing of it repeats the text.
 */
public final class InvalidArgumentException extends RuntimeException implements NotRetryable {

	private static final long serialVersionUID = 1L;

	private final String argument;

	private final List<String> messages;

	/**
	 * Creates the exception.
	 * @param argument the name of the argument
	 * @param messages what is wrong with it, in words for the person who wrote it; they
	 * do not repeat the value
	 */
	public InvalidArgumentException(String argument, List<String> messages) {
		super("Argument '" + argument + "' is not valid");
		this.argument = argument;
		this.messages = List.copyOf(messages);
	}

	/**
	 * What is wrong with several arguments.
	 * @param failures at least one
	 * @return an exception with all messages
	 */
	static InvalidArgumentException of(List<InvalidArgumentException> failures) {
		InvalidArgumentException first = failures.get(0);
		return (failures.size() == 1) ? first : new InvalidArgumentException(first.argument,
				failures.stream().flatMap((failure) -> failure.messages.stream()).toList());
	}

	/**
	 * Which argument it is.
	 * @return the name; the first one if several are not valid
	 */
	public String argument() {
		return this.argument;
	}

	/**
	 * What is wrong with it, in words for the person who wrote it.
	 * @return the messages
	 */
	public List<String> messages() {
		return this.messages;
	}

}
