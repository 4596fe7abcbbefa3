package com.pacerelle.client.message;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A person's answer to a widget (gateway.md section 5.2), as it came, with the data of
 * the question. Its {@code toString()} has neither value nor data.
 *
 * @param id the answer's id
 * @param ref the id of the widget
 * @param value what was answered: a {@link Boolean}, {@link String}, {@link Number},
 * unmodifiable {@link java.util.List} or {@link java.util.Map} of these, or {@code null}
 * @param cancelled whether the person cancelled the widget
 * @param data what the application stored with the question, as JSON, or {@code null}; it
 * never comes from the person
 */
public record WidgetResponse(String id, String ref, @Nullable Object value, boolean cancelled, @Nullable String data) {

	private static final Pattern DIGEST = Pattern.compile(":[0-9a-f]{32}$");

	/**
	 * Creates an answer.
	 * @throws IllegalArgumentException if the value is not of a JSON type
	 */
	public WidgetResponse {
		value = JsonValues.copyOf("value", value);
	}

	/**
	 * Creates an answer to a question without data.
	 * @param id the answer's id
	 * @param ref the id of the widget
	 * @param value what was answered
	 * @param cancelled whether the person cancelled the widget
	 */
	public WidgetResponse(String id, String ref, @Nullable Object value, boolean cancelled) {
		this(id, ref, value, cancelled, null);
	}

	/**
	 * The same answer with the data of its question.
	 * @param data the data as JSON, or {@code null}
	 * @return the answer
	 */
	public WidgetResponse data(@Nullable String data) {
		return new WidgetResponse(this.id, this.ref, this.value, this.cancelled, data);
	}

	/**
	 * The id that the application gave to the widget.
	 * @return {@link #ref()}, without the digest of the data if there is any
	 * @see Widget#data(Object)
	 */
	public String name() {
		return (this.data != null) ? DIGEST.matcher(this.ref).replaceFirst("") : this.ref;
	}

	@Override
	public String toString() {
		return "WidgetResponse[id=" + this.id + ", ref=" + this.ref + ", cancelled=" + this.cancelled + "]";
	}

}
