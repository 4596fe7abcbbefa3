package com.pacerelle.client.message;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What every widget has (gateway.md section 5.2). Its {@code toString()} has no text.
 *
 * @param id the widget's id, 1 to 256 characters, or {@code null} if one is to be made
 * when it is sent
 * @param title what the person reads first, not blank; {@code null} only for a
 * {@link CustomWidget} whose kind has none
 * @param body further text, or {@code null}; an empty one is left out
 * @param expiresAt until when it can be answered, or {@code null} for ever
 * @param responseMode who answers it in a group, or {@code null} if the app decides
 * @param extra fields of the spec that are not known here, of JSON types
 */
public record WidgetHeader(@Nullable String id, @Nullable String title, @Nullable String body,
		@Nullable Instant expiresAt, @Nullable ResponseMode responseMode, Map<String, @Nullable Object> extra) {

	private static final int MAX_ID_LENGTH = 256;

	/**
	 * Creates a header.
	 * @throws IllegalArgumentException if the id is too short or too long, the title is
	 * blank, or a field is not of a JSON type
	 */
	public WidgetHeader {
		if (id != null) {
			checkId("id", id);
		}
		if (title != null && title.isBlank()) {
			throw new IllegalArgumentException("'title' must not be blank");
		}
		body = (body != null && body.isEmpty()) ? null : body;
		extra = JsonValues.copyOf("extra", extra);
	}

	/**
	 * Creates a header.
	 * @param id the widget's id, or {@code null}
	 * @param title the title
	 * @return the header
	 */
	static WidgetHeader of(@Nullable String id, String title) {
		return new WidgetHeader(id, title, null, null, null, Map.of());
	}

	static void checkId(String name, String id) {
		if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
			throw new IllegalArgumentException(
					"'" + name + "' must have 1 to " + MAX_ID_LENGTH + " characters, not " + id.length());
		}
	}

	WidgetHeader id(String id) {
		return new WidgetHeader(id, this.title, this.body, this.expiresAt, this.responseMode, this.extra);
	}

	WidgetHeader body(String body) {
		return new WidgetHeader(this.id, this.title, body, this.expiresAt, this.responseMode, this.extra);
	}

	WidgetHeader expiresAt(Instant expiresAt) {
		return new WidgetHeader(this.id, this.title, this.body, expiresAt, this.responseMode, this.extra);
	}

	WidgetHeader responseMode(ResponseMode responseMode) {
		return new WidgetHeader(this.id, this.title, this.body, this.expiresAt, responseMode, this.extra);
	}

	WidgetHeader with(String name, @Nullable Object value) {
		Map<String, @Nullable Object> extra = new LinkedHashMap<>(this.extra);
		extra.put(name, value);
		return new WidgetHeader(this.id, this.title, this.body, this.expiresAt, this.responseMode, extra);
	}

	@Override
	public String toString() {
		return "WidgetHeader[id=" + this.id + "]";
	}

}
