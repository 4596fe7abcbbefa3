package com.pacerelle.client.message;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Builds the spec of a widget.
 */
final class Spec {

	private final WidgetHeader header;

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	private Spec(WidgetHeader header) {
		this.header = header;
	}

	/**
	 * Starts with title and body.
	 * @param header the widget's header
	 * @return the spec
	 * @throws IllegalArgumentException if there is no title
	 */
	static Spec of(WidgetHeader header) {
		if (header.title() == null) {
			throw new IllegalArgumentException("'title' must not be null");
		}
		return new Spec(header).put("title", header.title()).put("body", header.body());
	}

	/**
	 * Adds a field.
	 * @param name its name
	 * @param value its value, or {@code null} to leave it out
	 * @return this
	 */
	Spec put(String name, @Nullable Object value) {
		if (value != null) {
			this.fields.put(name, value);
		}
		return this;
	}

	/**
	 * Adds the fields that are not known here.
	 * @return the spec, unmodifiable
	 * @throws IllegalArgumentException if one of these is known and set
	 */
	Map<String, @Nullable Object> build() {
		this.header.extra().forEach((name, value) -> {
			if (this.fields.containsKey(name)) {
				throw new IllegalArgumentException("'" + name + "' must not be set with 'with' as well");
			}
			this.fields.put(name, value);
		});
		return Collections.unmodifiableMap(this.fields);
	}

}
