package com.pacerelle.signal.protobuf;

import org.jspecify.annotations.Nullable;

/**
 * A field of a stored session, which the protocol's format makes optional but without
 * which the session is unusable.
 */
public final class StoredField {

	private StoredField() {
	}

	/**
	 * Requires a field to be there.
	 * @param <T> the type of the field
	 * @param field what was read, or {@code null} if the field is absent
	 * @return the field
	 * @throws IllegalStateException if the field is absent
	 */
	public static <T> T required(@Nullable T field) {
		if (field == null) {
			throw new IllegalStateException("A stored session lacks a field; delete it or restore the store");
		}
		return field;
	}

}
