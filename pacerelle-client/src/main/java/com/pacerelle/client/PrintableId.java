package com.pacerelle.client;

import com.pacerelle.client.codec.Printable;
import org.jspecify.annotations.Nullable;

/**
 * An id as it can be shown in a log. Ids come from the relay, which could choose one that
 * looks like another, begins a line of its own, or fills the disk.
 */
public final class PrintableId {

	private PrintableId() {
	}

	/**
	 * The id without what cannot be seen: control characters, line separators and those
	 * that change the direction of a text are written as {@code \\u202e}, and after 128
	 * characters there is an ellipsis.
	 * @param id the id
	 * @return what can be shown
	 */
	public static String of(@Nullable String id) {
		return Printable.id(id);
	}

}
