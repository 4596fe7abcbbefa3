package com.pacerelle.sample;

import java.util.Base64;
import java.util.regex.Pattern;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * What is on the wire, with a description in the place of all that is random.
 */
final class Wire {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

	private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

	private static final Pattern BLOB = Pattern.compile("blob-[0-9]+");

	private Wire() {
	}

	/**
	 * A message as a person got it.
	 * @param reply the message
	 * @return its envelope and its plaintext
	 */
	static JsonNode of(ReceivedReply reply) {
		ObjectNode wire = JSON.createObjectNode();
		wire.set("envelope", of(reply.envelope()));
		wire.set("plaintext",
				reply.text().startsWith("{") ? of(JSON.readTree(reply.text())) : StringNode.valueOf(reply.text()));
		return wire;
	}

	/**
	 * Describes what is random.
	 * @param node what was sent
	 * @return the same with descriptions
	 */
	static JsonNode of(JsonNode node) {
		if (node instanceof ObjectNode object) {
			ObjectNode described = JSON.createObjectNode();
			object.forEachEntry((name, value) -> described.set(name,
					name.endsWith("_b64") ? bytes(value.stringValue()) : of(value)));
			return described;
		}
		if (node instanceof ArrayNode array) {
			ArrayNode described = JSON.createArrayNode();
			array.forEach((element) -> described.add(of(element)));
			return described;
		}
		return node.isString() ? text(node.stringValue()) : node;
	}

	private static JsonNode bytes(String base64) {
		return StringNode.valueOf("<" + Base64.getDecoder().decode(base64).length + " bytes>");
	}

	private static JsonNode text(String text) {
		if (UUID.matcher(text).matches()) {
			return StringNode.valueOf("<UUID>");
		}
		if (SHA_256.matcher(text).matches()) {
			return StringNode.valueOf("<SHA-256>");
		}
		return StringNode.valueOf(BLOB.matcher(text).matches() ? "<blob>" : text);
	}

}
