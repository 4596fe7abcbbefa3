package com.pacerelle.client.message;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A change of a widget that was sent before (gateway.md section 5.2). Its
 * {@code toString()} has no content.
 *
 * @param id the update's id, or {@code null} if one is to be made when it is sent
 * @param ref the id of the widget
 * @param patch what changes: {@code spec}, {@code expires_at}
 */
public record WidgetUpdate(@Nullable String id, String ref, Map<String, Object> patch) implements Content {

	/**
	 * Creates an update.
	 */
	public WidgetUpdate {
		patch = Map.copyOf(patch);
	}

	@Override
	public String toString() {
		return "WidgetUpdate[id=" + this.id + ", ref=" + this.ref + "]";
	}

}
