package com.pacerelle.client.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import com.pacerelle.client.codec.Digests;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

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
 * @param data what the application stores with the question, as JSON, or {@code null}; it
 * is not sent
 * @param extra fields of the spec that are not known here, of JSON types
 */
public record WidgetHeader(@Nullable String id, @Nullable String title, @Nullable String body,
		@Nullable Instant expiresAt, @Nullable ResponseMode responseMode, @Nullable String data,
		Map<String, @Nullable Object> extra) {

	/** The same data is always the same JSON. */
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
		.build();

	private static final int MAX_ID_LENGTH = 256;

	private static final int MAX_DATA_LENGTH = 16_384;

	/** Of the digest, half is enough. */
	private static final int DIGEST_BYTES = 16;

	/**
	 * Creates a header.
	 * @throws IllegalArgumentException if the id is too short or too long, the title is
	 * blank, the data is too long, or a field is not of a JSON type
	 */
	public WidgetHeader {
		if (id != null) {
			checkId("id", id);
		}
		if (title != null && title.isBlank()) {
			throw new IllegalArgumentException("'title' must not be blank");
		}
		if (data != null && data.length() > MAX_DATA_LENGTH) {
			throw new IllegalArgumentException("'data' must have at most " + MAX_DATA_LENGTH
					+ " characters as JSON, not " + data.length() + ": store it, and give its key to the widget");
		}
		body = (body != null && body.isEmpty()) ? null : body;
		extra = JsonValues.copyOf("extra", extra);
	}

	/**
	 * Creates a header without an id.
	 * @param title the title
	 * @return the header
	 */
	static WidgetHeader of(String title) {
		return new WidgetHeader(null, title, null, null, null, null, Map.of());
	}

	static void checkId(String name, String id) {
		if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
			throw new IllegalArgumentException(
					"'" + name + "' must have 1 to " + MAX_ID_LENGTH + " characters, not " + id.length());
		}
	}

	WidgetHeader id(String id) {
		return new WidgetHeader(id, this.title, this.body, this.expiresAt, this.responseMode, this.data, this.extra);
	}

	WidgetHeader body(String body) {
		return new WidgetHeader(this.id, this.title, body, this.expiresAt, this.responseMode, this.data, this.extra);
	}

	WidgetHeader expiresAt(Instant expiresAt) {
		return new WidgetHeader(this.id, this.title, this.body, expiresAt, this.responseMode, this.data, this.extra);
	}

	WidgetHeader responseMode(ResponseMode responseMode) {
		return new WidgetHeader(this.id, this.title, this.body, this.expiresAt, responseMode, this.data, this.extra);
	}

	WidgetHeader with(String name, @Nullable Object value) {
		Map<String, @Nullable Object> extra = new LinkedHashMap<>(this.extra);
		extra.put(name, value);
		return new WidgetHeader(this.id, this.title, this.body, this.expiresAt, this.responseMode, this.data, extra);
	}

	/**
	 * Two questions about different data must not have the same id: an answer names
	 * nothing else.
	 */
	WidgetHeader data(Object data) {
		String json;
		try {
			json = MAPPER.writeValueAsString(data);
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new IllegalArgumentException("'data' must be a JSON value, or an object that becomes one");
		}
		String id = (this.id != null) ? this.id + ":" + digest(json) : null;
		return new WidgetHeader(id, this.title, this.body, this.expiresAt, this.responseMode, json, this.extra);
	}

	private static String digest(String json) {
		byte[] digest = Digests.sha256(json.getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
	}

	@Override
	public String toString() {
		return "WidgetHeader[id=" + this.id + "]";
	}

}
