package com.pacerelle.client.event;

import java.util.Arrays;
import java.util.stream.Collectors;

import reactor.core.Exceptions;

/**
 * Describes failures of application code for the log: their messages may quote what a
 * person wrote, their types and origins do not.
 */
public final class Failures {

	private static final int MAX_CAUSES = 4;

	private static final int MAX_FRAMES = 4;

	private Failures() {
	}

	/**
	 * The types of a failure and its causes, and where they came from.
	 * @param failure the failure
	 * @return such as
	 * {@code java.lang.IllegalStateException at Echo.echo(Echo.java:12) < …, caused by …}
	 */
	public static String describe(Throwable failure) {
		StringBuilder description = new StringBuilder();
		Throwable cause = Exceptions.unwrap(failure);
		for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
			description.append((depth > 0) ? ", caused by " : "").append(cause.getClass().getName());
			description.append(Arrays.stream(cause.getStackTrace())
				.limit(MAX_FRAMES)
				.map(StackTraceElement::toString)
				.collect(Collectors.joining(" < ", " at ", "")));
			cause = cause.getCause();
		}
		return description.toString();
	}

}
