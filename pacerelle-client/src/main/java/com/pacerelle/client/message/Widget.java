package com.pacerelle.client.message;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A widget (gateway.md section 5.2): what a person sees and answers with a click. Widgets
 * are immutable: each method that sets something returns another one. An invalid value
 * fails at once with an {@link IllegalArgumentException} that names the field; a missing
 * one when the widget is sent.
 *
 * @param <T> the type of the answer
 */
public sealed interface Widget<T> extends Content, Question<T>
		permits Confirm, Choice, Choices, Permission, Form, Progress, DateTime, FilePicker, CustomWidget {

	/**
	 * What every widget has.
	 * @return the header
	 */
	WidgetHeader header();

	/**
	 * The name of its kind on the wire.
	 * @return such as {@code confirm}
	 */
	String kind();

	/**
	 * The fields of its kind, as they go over the wire.
	 * @return unmodifiable, of JSON types
	 * @throws IllegalArgumentException if something is missing, such as an option
	 */
	Map<String, @Nullable Object> spec();

	/**
	 * The widget's id, which comes back as {@link WidgetResponse#ref()}.
	 * @return 1 to 256 characters, or {@code null} if one is to be made when it is sent
	 */
	default @Nullable String id() {
		return header().id();
	}

	/**
	 * What the person reads first.
	 * @return not blank; {@code null} only for a {@link CustomWidget} without one
	 */
	default @Nullable String title() {
		return header().title();
	}

	/**
	 * Further text.
	 * @return the body, or {@code null}
	 */
	default @Nullable String body() {
		return header().body();
	}

	/**
	 * Until when it can be answered.
	 * @return the instant, or {@code null} for ever
	 */
	default @Nullable Instant expiresAt() {
		return header().expiresAt();
	}

	/**
	 * Who answers it in a group.
	 * @return the mode, or {@code null} if the app decides
	 */
	default @Nullable ResponseMode responseMode() {
		return header().responseMode();
	}

	/**
	 * The same widget with another id.
	 * @param id 1 to 256 characters
	 * @return the widget
	 */
	Widget<T> id(String id);

	/**
	 * The same widget with another body, such as one that says what was wrong with the
	 * last answer.
	 * @param body the body; an empty one is left out
	 * @return the widget
	 */
	Widget<T> body(String body);

	/**
	 * The same widget with an end.
	 * @param expiresAt until when it can be answered; sent in milliseconds
	 * @return the widget
	 */
	Widget<T> expiresAt(Instant expiresAt);

	/**
	 * The same widget with data of the application, such as what is to be deployed. It is
	 * stored with the question when it is sent, stays in the agent, and comes back as
	 * {@link WidgetResponse#data()} with the answer. An id that the widget has by now
	 * ends with a colon and a digest of the data from then on, so that an answer is never
	 * taken for one to a question about something else; {@link WidgetResponse#name()} is
	 * the id without it.
	 * @param data an object that Jackson writes as JSON of at most 16384 characters
	 * @return the widget
	 */
	Widget<T> data(Object data);

	/**
	 * The same widget with one more field in its spec, such as one that is newer than
	 * this library.
	 * @param name the field's name on the wire, none that the widget sets itself
	 * @param value a value of a JSON type: a {@link String}, {@link Boolean},
	 * {@link Number}, {@code null}, or a list or map of these
	 * @return the widget
	 */
	Widget<T> with(String name, @Nullable Object value);

	@Override
	default Widget<T> widget() {
		return this;
	}

}
