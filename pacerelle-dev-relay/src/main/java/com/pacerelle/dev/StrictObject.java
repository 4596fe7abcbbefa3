package com.pacerelle.dev;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeType;

/**
 * A JSON object whose every field must be asked for: what is missing, of another type, or
 * left over at the end is a {@link ProtocolViolationException}.
 */
final class StrictObject {

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final String name;

	private final JsonNode node;

	private final Set<String> read = new HashSet<>();

	private StrictObject(String name, JsonNode node) {
		this.name = name;
		this.node = node;
		require(node.isObject(), "is not a JSON object");
	}

	static StrictObject parse(String name, byte[] json) {
		try {
			return new StrictObject(name, MAPPER.readTree(json));
		}
		catch (JacksonException ex) {
			throw new ProtocolViolationException(name + " is not JSON");
		}
	}

	String string(String field) {
		return text(field, value(field, JsonNodeType.STRING));
	}

	@Nullable String optionalString(String field) {
		return this.node.has(field) ? string(field) : null;
	}

	int integer(String field, int min, int max) {
		JsonNode value = value(field, JsonNodeType.NUMBER);
		require(value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= min
				&& value.intValue() <= max, "field '" + field + "' is not an integer in " + min + ".." + max);
		return value.intValue();
	}

	boolean bool(String field) {
		return value(field, JsonNodeType.BOOLEAN).booleanValue();
	}

	byte[] base64(String field) {
		String text = string(field);
		try {
			require(text.length() % 4 == 0, "field '" + field + "' is not padded Base64");
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			throw new ProtocolViolationException(this.name + " field '" + field + "' is not Base64");
		}
	}

	byte[] base64(String field, int size) {
		byte[] bytes = base64(field);
		require(bytes.length == size, "field '" + field + "' does not have " + size + " bytes");
		return bytes;
	}

	List<String> strings(String field) {
		List<String> strings = new ArrayList<>();
		value(field, JsonNodeType.ARRAY).forEach((element) -> strings.add(text(field, element)));
		return strings;
	}

	List<StrictObject> objects(String field) {
		List<StrictObject> objects = new ArrayList<>();
		value(field, JsonNodeType.ARRAY)
			.forEach((element) -> objects.add(new StrictObject(this.name + " field '" + field + "'", element)));
		return objects;
	}

	/** A field that the relay passes over: only its type is checked. */
	void optional(String field, JsonNodeType type) {
		if (this.node.has(field)) {
			value(field, type);
		}
	}

	void end() {
		for (String field : this.node.propertyNames()) {
			require(this.read.contains(field), "has the unknown field '" + field + "'");
		}
	}

	private JsonNode value(String field, JsonNodeType type) {
		this.read.add(field);
		JsonNode value = this.node.path(field);
		require(value.getNodeType() == type, "field '" + field + "' is not of type " + type.name().toLowerCase());
		return value;
	}

	private String text(String field, JsonNode value) {
		require(value.isString() && !value.stringValue().isEmpty(), "field '" + field + "' is not a non-empty string");
		return value.stringValue();
	}

	private void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new ProtocolViolationException(this.name + " " + otherwise);
		}
	}

}
