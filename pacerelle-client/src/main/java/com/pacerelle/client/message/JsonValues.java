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
		return copyOf(name, map, 0);
	}

	/**
	 * An unmodifiable copy of any value.
	 * @param name what messages call it
	 * @param value the value
	 * @return the copy
	 * @throws IllegalArgumentException if something in it is not of a JSON type
	 */
	static @Nullable Object copyOf(String name, @Nullable Object value) {
		return copyOf(name, value, 0);
	}

	private static Map<String, @Nullable Object> copyOf(String name, Map<?, ? extends @Nullable Object> map,
			int depth) {
		Map<String, @Nullable Object> copy = new LinkedHashMap<>();
		for (Map.Entry<?, ? extends @Nullable Object> entry : map.entrySet()) {
			if (!(entry.getKey() instanceof String key)) {
				throw new IllegalArgumentException("'" + name + "' must have strings as keys");
			}
			copy.put(key, copyOf(name + "." + key, entry.getValue(), depth + 1));
		}
		return Collections.unmodifiableMap(copy);
	}

	private static @Nullable Object copyOf(String name, @Nullable Object value, int depth) {
		if (depth > MAX_DEPTH) {
			throw new IllegalArgumentException("'" + name + "' is nested too deeply");
		}
		if (value == null || value instanceof String || value instanceof Boolean) {
			return value;
		}
		if (value instanceof Number number) {
			decimal(name, number);
			return number;
		}
		if (value instanceof Map<?, ?> map) {
			return copyOf(name, map, depth);
		}
		if (value instanceof Collection<?> collection) {
			List<@Nullable Object> copy = new ArrayList<>(collection.size());
			for (Object element : collection) {
				copy.add(copyOf(name + "[" + copy.size() + "]", element, depth + 1));
			}
			return Collections.unmodifiableList(copy);
		}
		throw new IllegalArgumentException("'" + name + "' must be a string, a boolean, a number, null, or a list or"
				+ " map of these, not a " + value.getClass().getName());
	}

	/**
	 * The exact value of a number, to compare it.
	 * @param name what messages call it
	 * @param number the number
	 * @return its value
	 * @throws IllegalArgumentException if it is not finite, or of an unknown type
	 */
	static BigDecimal decimal(String name, Number number) {
		if (number instanceof BigDecimal decimal) {
			return decimal;
		}
		if (number instanceof BigInteger integer) {
			return new BigDecimal(integer);
		}
		if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
			return BigDecimal.valueOf(number.longValue());
		}
		if ((number instanceof Double || number instanceof Float) && Double.isFinite(number.doubleValue())) {
			return new BigDecimal(number.toString());
		}
		throw new IllegalArgumentException("'" + name + "' must be a finite number of the Java platform");
	}

}
