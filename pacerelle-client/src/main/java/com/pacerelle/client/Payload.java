package com.pacerelle.client;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The plaintext inside a message (gateway.md section 5.1).
 */
final class Payload {

	private static final int VERSION = 1;

	private Payload() {
	}

	/**
	 * What a handler reads: the text of a chat message, and anything else as it is.
	 * @param plaintext the decrypted payload
	 * @return the text
	 */
	static String text(String plaintext) {
		ObjectNode wrapper = object(plaintext);
		String body = (wrapper != null && is(wrapper, "type", "pacerelle.delivery")
				&& wrapper.path("v").intValue(0) == VERSION) ? wrapper.path("body").stringValue(null) : null;
		String unwrapped = (body != null) ? body : plaintext;
		ObjectNode object = (body != null) ? object(body) : wrapper;
		String text = (object != null && is(object, "kind", "chat.message")) ? object.path("text").stringValue(null)
				: null;
		return (text != null) ? text : unwrapped;
	}

	/**
	 * The plaintext of a text. One that would be read as something else than text, such
	 * as a widget, is wrapped: a person's words, given back, cannot become one.
	 * @param text the text
	 * @return the payload to be encrypted
	 */
	static String ofText(String text) {
		ObjectNode object = object(text.strip());
		boolean readAsMore = object != null && (object.path("type").isString() || object.path("kind").isString());
		if (!readAsMore) {
			return text;
		}
		ObjectNode message = GatewayJson.MAPPER.createObjectNode();
		message.put("kind", "chat.message").put("text", text).putArray("attachments");
		return GatewayJson.MAPPER.writeValueAsString(message);
	}

	private static boolean is(ObjectNode object, String name, String value) {
		return value.equals(object.path(name).stringValue(null));
	}

	private static @Nullable ObjectNode object(String plaintext) {
		if (!plaintext.startsWith("{")) {
			return null;
		}
		try {
			JsonNode node = GatewayJson.MAPPER.readTree(plaintext);
			return (node instanceof ObjectNode object) ? object : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
