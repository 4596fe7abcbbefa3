package com.pacerelle.test;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a message of the agent carries (gateway.md section 5.1).
 *
 * @param text the text, empty for a widget or an update
 * @param widget the widget, or {@code null} if it is none
 * @param updatedId the id of the widget that is updated, or {@code null} if it is no
 * update
 * @param spec the fields that an update changes
 */
record Payload(String text, Received.@Nullable Widget widget, @Nullable String updatedId, Map<String, Object> spec) {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {
	};

	static Payload read(String plaintext) {
		JsonNode json = json(plaintext);
		if (json.path("type").asString("").equals("widget.standard")) {
			return new Payload("", new Received.Widget(json.path("id").asString(), json.path("kind").asString(),
					fields(json.path("spec"))), null, Map.of());
		}
		if (json.path("type").asString("").equals("widget.update")) {
			return new Payload("", null, json.path("ref").asString(), fields(json.path("patch").path("spec")));
		}
		String text = json.path("kind").asString("").equals("chat.message") ? json.path("text").asString("")
				: plaintext;
		return new Payload(text, null, null, Map.of());
	}

	private static JsonNode json(String plaintext) {
		try {
			return MAPPER.readTree(plaintext.startsWith("{") ? plaintext : "{}");
		}
		catch (JacksonException ex) {
			return MAPPER.createObjectNode();
		}
	}

	private static Map<String, Object> fields(JsonNode node) {
		return node.isObject() ? MAPPER.convertValue(node, FIELDS) : Map.of();
	}

	Received.Widget update(Received.Widget before) {
		Map<String, Object> merged = new LinkedHashMap<>(before.spec());
		merged.putAll(this.spec);
		return new Received.Widget(before.id(), before.kind(), merged);
	}

}
