package com.pacerelle.spring.handler;

import java.util.Comparator;
import java.util.Map;

import com.pacerelle.client.message.AgentMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a handler is for: one of the {@link PacerelleHandler#widget() widget},
 * {@link PacerelleHandler#text() text} or {@link PacerelleHandler#command() command} of a
 * route, or anything.
 */
sealed interface Subject permits WidgetSubject, TextSubject, CommandSubject, AnySubject {

	/**
	 * The rows of the table in {@link PacerelleHandler}; within a row the heavier one.
	 */
	Comparator<Subject> MOST_SPECIFIC_FIRST = Comparator.comparingInt(Subject::row)
		.thenComparing(Comparator.comparingInt(Subject::weight).reversed())
		.thenComparing(Comparator.comparingInt(Subject::length).reversed());

	/**
	 * Whether this is what a message is about.
	 * @param message the message
	 * @return the parts of the text by the names of their arguments, or {@code null} if
	 * it is about something else
	 */
	@Nullable Map<String, String> match(AgentMessage message);

	/**
	 * Whether there is a message that matches this and another one of the same row,
	 * weight and length.
	 * @param other the other one
	 * @return whether there is
	 */
	boolean overlaps(Subject other);

	/**
	 * The row of the table.
	 * @return the row, from 1
	 */
	int row();

	/**
	 * How much of what it matches is fixed.
	 * @return characters or words
	 */
	default int weight() {
		return 0;
	}

	/**
	 * How much it matches at least.
	 * @return words
	 */
	default int length() {
		return 0;
	}

}
