package com.pacerelle.client.message;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Values of JSON types: {@link String}, {@link Boolean}, {@link Number}, {@code null},
 * and lists and maps of these.
 */
final class JsonValues {

	/** Readers refuse what is nested deeper. */
	private static final int MAX_DEPTH = 64;

	private JsonValues() {
	}

	/**
	 * An unmodifiable copy, down to the last value.
	 * @param name what messages call the map
	 * @param map the map
	 * @return the copy, in the same order
	 * @throws IllegalArgumentException if something in it is not of a JSON type
	 */
	static Map<String, @Nullable Object> copyOf(String name, Map<?, ? extends @Nullable Object> map) {
		return copyOf(new Place(null, name), map);
	}

	/**
	 * An unmodifiable copy of any value.
	 * @param name what messages call it
	 * @param value the value
	 * @return the copy
	 * @throws IllegalArgumentException if something in it is not of a JSON type
	 */
	static @Nullable Object copyOf(String name, @Nullable Object value) {
		return copyOf(new Place(null, name), value);
	}

	private static Map<String, @Nullable Object> copyOf(Place place, Map<?, ? extends @Nullable Object> map) {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		for (Map.Entry<?, ? extends @Nullable Object> entry : map.entrySet()) {
			if (!(entry.getKey() instanceof String key)) {
				throw new IllegalArgumentException(place + " must have strings as keys");
			}
			copy.put(key, copyOf(new Place(place, key), entry.getValue()));
		}
		return Collections.unmodifiableMap(copy);
	}

	private static @Nullable Object copyOf(Place place, @Nullable Object value) {
		if (place.depth > MAX_DEPTH) {
			throw new IllegalArgumentException(place + " is nested too deeply");
		}
		if (value == null || value instanceof String || value instanceof Boolean) {
			return value;
		}
		if (value instanceof Number number) {
			if (exact(number) == null) {
				throw new IllegalArgumentException(place + " must be a finite number of the Java platform");
			}
			return number;
		}
		if (value instanceof Map<?, ?> map) {
			return copyOf(place, map);
		}
		if (value instanceof Collection<?> collection) {
			List<@Nullable Object> copy = new ArrayList<>(collection.size());
			for (Object element : collection) {
				copy.add(copyOf(new Place(place, copy.size()), element));
			}
			return Collections.unmodifiableList(copy);
		}
		throw new IllegalArgumentException(place + " must be a string, a boolean, a number, null, or a list or map of"
				+ " these, not a " + value.getClass().getName());
	}

	/**
	 * The exact value of a number, to compare it.
	 * @param name what messages call it
	 * @param number the number
	 * @return its value
	 * @throws IllegalArgumentException if it is not finite, or of an unknown type
	 */
	static BigDecimal decimal(String name, Number number) {
		BigDecimal decimal = exact(number);
		if (decimal == null) {
			throw new IllegalArgumentException("'" + name + "' must be a finite number of the Java platform");
		}
		return decimal;
	}

	private static @Nullable BigDecimal exact(Number number) {
		if (number instanceof BigDecimal decimal) {
			return decimal;
		}
		if (number instanceof BigInteger integer) {
			return new BigDecimal(integer);
		}
		if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
			return BigDecimal.valueOf(number.longValue());
		}
		boolean finite = (number instanceof Double || number instanceof Float) && Double.isFinite(number.doubleValue());
		return finite ? new BigDecimal(number.toString()) : null;
	}

	/**
	 * Where a value is. Its name is built only when something is wrong there: names of
	 * hostile values are long.
	 */
	private static final class Place {

		private final @Nullable Place parent;

		private final Object step;

		private final int depth;

		Place(@Nullable Place parent, Object step) {
			this.parent = parent;
			this.step = step;
			this.depth = (parent != null) ? parent.depth + 1 : 0;
		}

		private String path() {
			if (this.parent == null) {
				return this.step.toString();
			}
			return this.parent.path() + ((this.step instanceof Integer) ? "[" + this.step + "]" : "." + this.step);
		}

		@Override
		public String toString() {
			return "'" + path() + "'";
		}

	}

}
