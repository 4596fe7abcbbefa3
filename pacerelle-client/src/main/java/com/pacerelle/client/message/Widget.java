package com.pacerelle.client.message;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A widget (gateway.md section 5.2): what a person sees and answers with a click.
 *
 * @param <T> the type of the answer
 */
public sealed interface Widget<T> extends Content, Question<T> permits Confirm, Progress {

	/**
	 * The widget's id, which comes back as {@link WidgetResponse#ref()}.
	 * @return 1 to 256 characters, or {@code null} if one is to be made when it is sent
	 */
	@Nullable String id();

	/**
	 * The same widget with another id.
	 * @param id 1 to 256 characters
	 * @return the widget
	 */
	Widget<T> id(String id);

	/**
	 * The same widget with another body, such as one that says what was wrong with the
	 * last answer.
	 * @param body the body
	 * @return the widget
	 */
	Widget<T> body(String body);

	/**
	 * The name of its kind on the wire.
	 * @return such as {@code confirm}
	 */
	String kind();

	/**
	 * The fields of its kind, as they go over the wire.
	 * @return unmodifiable, of JSON types
	 */
	Map<String, Object> spec();

	/**
	 * Until when it can be answered.
	 * @return the instant, or {@code null} for ever
	 */
	@Nullable Instant expiresAt();

	/**
	 * Who answers it in a group.
	 * @return the mode, or {@code null} if the app decides
	 */
	@Nullable ResponseMode responseMode();

	@Override
	default Widget<T> widget() {
		return this;
	}

}
