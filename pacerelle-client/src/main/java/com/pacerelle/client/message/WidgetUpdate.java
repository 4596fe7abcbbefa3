package com.pacerelle.client.message;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A change of a widget that was sent before (gateway.md section 5.2). Its
 * {@code toString()} has no content.
 *
 * @param id the update's id, 1 to 256 characters, or {@code null} if one is to be made
 * when it is sent
 * @param ref the id of the widget
 * @param patch what changes: {@code spec}, {@code expires_at}; of JSON types
 */
public record WidgetUpdate(@Nullable String id, String ref, Map<String, @Nullable Object> patch) implements Content {

	/**
	 * Creates an update.
	 * @throws IllegalArgumentException if the patch is not of JSON types
	 */
	public WidgetUpdate {
		patch = JsonValues.copyOf("patch", patch);
	}

	/**
	 * Creates an update that changes nothing yet.
	 * @param ref the id of the widget, 1 to 256 characters
	 * @return the update
	 */
	public static WidgetUpdate of(String ref) {
		WidgetHeader.checkId("ref", ref);
		return new WidgetUpdate(null, ref, Map.of());
	}

	/**
	 * Gives the update an id of its own.
	 * @param id 1 to 256 characters
	 * @return the update
	 */
	public WidgetUpdate id(String id) {
		WidgetHeader.checkId("id", id);
		return new WidgetUpdate(id, this.ref, this.patch);
	}

	/**
	 * Changes the title.
	 * @param title the title
	 * @return the update
	 */
	public WidgetUpdate title(String title) {
		return with("title", title);
	}

	/**
	 * Changes the body.
	 * @param body the body
	 * @return the update
	 */
	public WidgetUpdate body(String body) {
		return with("body", body);
	}

	/**
	 * Changes how much of a {@link Progress} is done.
	 * @param value how much is done
	 * @return the update
	 */
	public WidgetUpdate value(Number value) {
		return with("value", value);
	}

	/**
	 * Changes a field of the spec.
	 * @param name the field's name on the wire
	 * @param value its value, of a JSON type
	 * @return the update
	 */
	public WidgetUpdate with(String name, @Nullable Object value) {
		Map<Object, @Nullable Object> spec = new LinkedHashMap<>();
		if (this.patch.get("spec") instanceof Map<?, ?> before) {
			spec.putAll(before);
		}
		spec.put(name, value);
		return patch("spec", spec);
	}

	/**
	 * Changes until when the widget can be answered.
	 * @param expiresAt the instant; sent in milliseconds
	 * @return the update
	 */
	public WidgetUpdate expiresAt(Instant expiresAt) {
		return patch("expires_at", DateTimeFormatter.ISO_INSTANT.format(expiresAt.truncatedTo(ChronoUnit.MILLIS)));
	}

	private WidgetUpdate patch(String name, Object value) {
		Map<String, @Nullable Object> patch = new LinkedHashMap<>(this.patch);
		patch.put(name, value);
		return new WidgetUpdate(this.id, this.ref, patch);
	}

	/**
	 * Whether it changes nothing.
	 * @return whether the patch is empty
	 */
	public boolean isEmpty() {
		return this.patch.isEmpty();
	}

	@Override
	public String toString() {
		return "WidgetUpdate[id=" + this.id + ", ref=" + this.ref + "]";
	}

}
