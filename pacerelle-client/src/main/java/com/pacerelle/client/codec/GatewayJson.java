package com.pacerelle.client.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes JSON: within limits that make hostile input cheap to refuse, and with
 * members in a fixed order.
 */
public final class GatewayJson {

	/**
	 * Strings are as long as the frame allows; the number of tokens bounds the tree that
	 * a text of empty arrays can become.
	 */
	public static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(64)
				.maxNumberLength(100)
				.maxTokenCount(100_000)
				.maxNameLength(1024)
				.maxStringLength(Integer.MAX_VALUE)
				.build())
			.build())
		.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
		.enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
		.build();

	/** So many tokens a tree may have, however short they are. */
	private static final int FREE_TOKENS = 1000;

	/** Beyond that, what it takes in memory is in proportion to its length. */
	private static final int MIN_TOKEN_LENGTH = 8;

	private static final ObjectReader EXACT_READER = MAPPER.reader()
		.with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

	/** Beyond this, arithmetic with a decimal number can take all memory. */
	private static final int MAX_SCALE = 1000;

	private GatewayJson() {
	}

	/**
	 * Reads an object without loss of precision.
	 * @param json the text
	 * @return the object, or {@code null} if it is not an object or exceeds the limits
	 */
	public static @Nullable ObjectNode readObject(String json) {
		if (!json.startsWith("{")) {
			return null;
		}
		try {
			if (hasTooManyTokens(json)) {
				return null;
			}
			return (EXACT_READER.readTree(json) instanceof ObjectNode object && isModest(object)) ? object : null;
		}
		catch (JacksonException | NumberFormatException ex) {
			// The latter for an exponent of more than 32 bits.
			return null;
		}
	}

	private static boolean hasTooManyTokens(String json) {
		if (json.length() <= FREE_TOKENS) {
			return false;
		}
		int left = Math.max(FREE_TOKENS, json.length() / MIN_TOKEN_LENGTH);
		try (JsonParser parser = MAPPER.createParser(json)) {
			while (left >= 0 && parser.nextToken() != null) {
				left--;
			}
		}
		return left < 0;
	}

	private static boolean isModest(JsonNode node) {
		if (node.isBigDecimal()) {
			return Math.abs((long) node.decimalValue().scale()) <= MAX_SCALE;
		}
		for (JsonNode child : node) {
			if (!isModest(child)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * The plain value of a node.
	 * @param node the node
	 * @return a {@link String}, {@link Boolean}, {@link Long},
	 * {@link java.math.BigInteger}, {@link java.math.BigDecimal}, {@link List} or
	 * {@link Map}, or {@code null}
	 */
	public static @Nullable Object value(JsonNode node) {
		if (node instanceof ObjectNode object) {
			return map(object);
		}
		if (node instanceof ArrayNode array) {
			List<@Nullable Object> list = new ArrayList<>(array.size());
			array.forEach((element) -> list.add(value(element)));
			return list;
		}
		if (node.isString()) {
			return node.stringValue();
		}
		if (node.isBoolean()) {
			return node.booleanValue();
		}
		if (node.isIntegralNumber()) {
			return node.canConvertToLong() ? (Object) node.longValue() : node.bigIntegerValue();
		}
		return node.isNumber() ? node.decimalValue() : null;
	}

	/**
	 * The plain values of an object.
	 * @param object the object
	 * @return its members in their order
	 */
	public static Map<String, @Nullable Object> map(ObjectNode object) {
		Map<String, @Nullable Object> map = new LinkedHashMap<>();
		object.forEachEntry((name, member) -> map.put(name, value(member)));
		return map;
	}

}
