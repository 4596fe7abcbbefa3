package com.pacerelle.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A person's answer to a widget (gateway.md section 5.2), as it came. Its
 * {@code toString()} has no value.
 *
 * @param id the answer's id
 * @param ref the id of the widget
 * @param value what was answered: a {@link Boolean}, {@link String}, {@link Number},
 * unmodifiable {@link java.util.List} or {@link java.util.Map} of these, or {@code null}
 * @param cancelled whether the person cancelled the widget
 */
public record WidgetResponse(String id, String ref, @Nullable Object value, boolean cancelled) {

	/**
	 * Creates an answer.
	 * @throws IllegalArgumentException if the value is not of a JSON type
	 */
	public WidgetResponse {
		value = JsonValues.copyOf("value", value);
	}

	@Override
	public String toString() {
		return "WidgetResponse[id=" + this.id + ", ref=" + this.ref + ", cancelled=" + this.cancelled + "]";
	}

}
