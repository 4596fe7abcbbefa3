package com.pacerelle.client.event;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import reactor.core.Exceptions;

/**
 * Describes failures of application code for the log: their messages may quote what a
 * person wrote, their types and origins do not. Messages of this library never quote, and
 * are kept.
 */
public final class Failures {

	private static final int MAX_CAUSES = 4;

	private static final int MAX_FRAMES = 4;

	private static final List<String> LIBRARY = List.of("com.pacerelle.signal.", "com.pacerelle.client.",
			"com.pacerelle.spring.");

	/** What the library throws with. */
	private static final Set<String> CHECKS = Set.of("org.springframework.util.Assert", "java.util.Objects");

	private Failures() {
	}

	/**
	 * The types of a failure and its causes.
	 * @param failure the failure
	 * @return such as {@code java.io.IOException, caused by …}
	 */
	public static String types(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.limit(MAX_CAUSES)
			.map((cause) -> cause.getClass().getName())
			.collect(Collectors.joining(", caused by "));
	}

	/**
	 * A failure for the log with its whole stack trace.
	 * @param failure the failure
	 * @param messages whether the messages of exceptions are logged
	 * @return the failure, or one with the same stack traces that has types in place of
	 * messages that are not of this library
	 */
	public static Throwable forLog(Throwable failure, boolean messages) {
		return messages ? failure : new WithoutMessage(failure, 0);
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
			description.append((depth > 0) ? ", caused by " : "").append(safe(cause));
			description.append(Arrays.stream(cause.getStackTrace())
				.limit(MAX_FRAMES)
				.map(StackTraceElement::toString)
				.collect(Collectors.joining(" < ", " at ", "")));
			cause = cause.getCause();
		}
		return description.toString();
	}

	/**
	 * The type of a failure, and its message if the library has written it: it is of a
	 * type of the library, or comes from its code.
	 */
	private static String safe(Throwable failure) {
		boolean own = isOfLibrary(failure.getClass().getName()) || Arrays.stream(failure.getStackTrace())
			.map(StackTraceElement::getClassName)
			.filter((name) -> !CHECKS.contains(name))
			.findFirst()
			.filter(Failures::isOfLibrary)
			.isPresent();
		return own ? failure.toString() : failure.getClass().getName();
	}

	private static boolean isOfLibrary(String className) {
		return LIBRARY.stream().anyMatch(className::startsWith);
	}

	/**
	 * Says what failed where, and nothing that was said.
	 */
	private static final class WithoutMessage extends Throwable {

		private static final long serialVersionUID = 1L;

		private static final int MAX_DEPTH = 16;

		WithoutMessage(Throwable failure, int depth) {
			super(safe(failure), cause(failure, depth), true, true);
			setStackTrace(failure.getStackTrace());
			if (depth < MAX_DEPTH) {
				for (Throwable suppressed : failure.getSuppressed()) {
					addSuppressed(new WithoutMessage(suppressed, depth + 1));
				}
			}
		}

		private static @Nullable Throwable cause(Throwable failure, int depth) {
			Throwable cause = failure.getCause();
			return (cause != null && depth < MAX_DEPTH) ? new WithoutMessage(cause, depth + 1) : null;
		}

		@Override
		public Throwable fillInStackTrace() {
			return this;
		}

		@Override
		public String toString() {
			return String.valueOf(getMessage());
		}

	}

}
