package com.pacerelle.client.message;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An answer while it is read.
 */
final class Answer {

	private final WidgetResponse response;

	private Answer(WidgetResponse response) {
		this.response = response;
	}

	/**
	 * The answer that a message is.
	 * @param message the message
	 * @return its answer
	 * @throws IllegalArgumentException if it is none, or the person cancelled
	 */
	static Answer of(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		if (response == null) {
			throw new IllegalArgumentException("The message " + message.id() + " is no answer to a widget");
		}
		if (response.cancelled()) {
			throw new IllegalArgumentException("The widget '" + response.ref() + "' was cancelled: nothing to be read");
		}
		return new Answer(response);
	}

	/**
	 * The value.
	 * @param <V> the type that is expected
	 * @param type the type that is expected
	 * @param otherwise tells the person what is wrong if it is not
	 * @return the value
	 */
	<V> V value(Class<V> type, String otherwise) {
		return cast(this.response.value(), type, otherwise);
	}

	<V> V cast(@Nullable Object value, Class<V> type, String otherwise) {
		if (!type.isInstance(value)) {
			throw invalid(otherwise);
		}
		return type.cast(value);
	}

	InvalidAnswerException invalid(String message) {
		return invalid(List.of(message));
	}

	InvalidAnswerException invalid(List<String> messages) {
		return new InvalidAnswerException(this.response.ref(), messages);
	}

}
