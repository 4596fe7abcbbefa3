package com.pacerelle.client;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How JSON is read and written here: within limits that make hostile input cheap to
 * refuse, and with members in a fixed order.
 */
final class GatewayJson {

	/**
	 * Strings are as long as the frame allows; the number of tokens bounds the tree that
	 * a frame of empty arrays can become.
	 */
	static final JsonMapper MAPPER = JsonMapper
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

	private GatewayJson() {
	}

	/**
	 * Reads an object.
	 * @param json what may be one
	 * @return the object, or {@code null} if it is none, or beyond the limits
	 */
	static @Nullable ObjectNode readObject(String json) {
		if (!json.startsWith("{")) {
			return null;
		}
		try {
			return (MAPPER.readTree(json) instanceof ObjectNode object) ? object : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
