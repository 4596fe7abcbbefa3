package com.pacerelle.client.message;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A widget of any kind, such as one that is newer than this library. The answer is the
 * value as it came. Its {@code toString()} has no text.
 *
 * @param header what every widget has; the spec is its extra fields, and its title and
 * body if there are any
 * @param kind the name of its kind on the wire, not blank
 */
public record CustomWidget(WidgetHeader header, String kind) implements Widget<Object> {

	/**
	 * Creates a widget.
	 * @throws IllegalArgumentException if the kind is blank
	 */
	public CustomWidget {
		if (kind.isBlank()) {
			throw new IllegalArgumentException("'kind' must not be blank");
		}
	}

	/**
	 * Creates a widget.
	 * @param kind its kind
	 * @param spec its spec, of JSON types
	 * @return the widget
	 */
	public static CustomWidget of(String kind, Map<String, ? extends @Nullable Object> spec) {
		return new CustomWidget(new WidgetHeader(null, null, null, null, null, null, JsonValues.copyOf("spec", spec)),
				kind);
	}

	/**
	 * Sets who answers in a group.
	 * @param responseMode one person or everybody
	 * @return the widget
	 */
	public CustomWidget responseMode(ResponseMode responseMode) {
		return new CustomWidget(this.header.responseMode(responseMode), this.kind);
	}

	@Override
	public CustomWidget id(String id) {
		return new CustomWidget(this.header.id(id), this.kind);
	}

	@Override
	public CustomWidget body(String body) {
		return new CustomWidget(this.header.body(body), this.kind);
	}

	@Override
	public CustomWidget expiresAt(Instant expiresAt) {
		return new CustomWidget(this.header.expiresAt(expiresAt), this.kind);
	}

	@Override
	public CustomWidget data(Object data) {
		return new CustomWidget(this.header.data(data), this.kind);
	}

	@Override
	public CustomWidget with(String name, @Nullable Object value) {
		return new CustomWidget(this.header.with(name, value), this.kind);
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		Map<String, @Nullable Object> spec = new LinkedHashMap<>(this.header.extra());
		if (title() != null) {
			spec.put("title", title());
		}
		if (body() != null) {
			spec.put("body", body());
		}
		return JsonValues.copyOf("spec", spec);
	}

	/**
	 * Reads the value as it came. There must be one.
	 */
	@Override
	public Object read(AgentMessage answer) {
		return Answer.of(answer).value(Object.class, "An answer is missing");
	}

	@Override
	public String toString() {
		return "CustomWidget[id=" + id() + ", kind=" + this.kind + "]";
	}

}
