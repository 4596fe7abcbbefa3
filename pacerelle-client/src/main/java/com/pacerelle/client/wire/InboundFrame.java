package com.pacerelle.client.wire;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.client.codec.GatewayJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a text frame from the relay is (gateway.md sections 3, 4). Unknown fields are
 * ignored, known ones must have their type.
 */
public sealed interface InboundFrame {

	/** The fields that the receipt digest covers (gateway.md section 4.1). */
	List<String> DIGEST_FIELDS = List.of("from", "from_device_id", "conversation_id", "payload_b64", "encrypted", "to",
			"reply_to_message_id", "attachments");

	/** All fields that are looked at; nothing else of a frame is kept. */
	Set<String> FIELDS = Stream.concat(Stream.of("type", "id", "user_id", "agent_id"), DIGEST_FIELDS.stream())
		.collect(Collectors.toUnmodifiableSet());

	/**
	 * How many tokens attachments may have however short they are. Twenty have about as
	 * many.
	 */
	int MIN_MAX_TOKENS = 256;

	/**
	 * How long a token of attachments is on average, at least. Real ones are longer: they
	 * have ids and digests. A tree takes more than forty bytes for each.
	 */
	int MIN_TOKEN_LENGTH = 8;

	/** Nobody needs longer ids, and each is stored. */
	int MAX_ID_LENGTH = 1024;

	/**
	 * Reads a frame.
	 * @param utf8 the frame
	 * @return what it is
	 */
	static InboundFrame read(byte[] utf8) {
		try (JsonParser parser = GatewayJson.MAPPER.createParser(utf8)) {
			ObjectNode frame = fields(parser, utf8);
			return (frame != null) ? read(frame) : new Ignored();
		}
		catch (JacksonException ex) {
			return new Ignored();
		}
	}

	/**
	 * Reads the known fields. No tree is made of anything before it is known to be small
	 * in proportion to its bytes.
	 */
	private static @Nullable ObjectNode fields(JsonParser parser, byte[] utf8) {
		if (parser.nextToken() != JsonToken.START_OBJECT) {
			return null;
		}
		ObjectNode frame = GatewayJson.MAPPER.createObjectNode();
		for (String name = parser.nextName(); name != null; name = parser.nextName()) {
			parser.nextToken();
			if (!FIELDS.contains(name)) {
				parser.skipChildren();
			}
			else if (!parser.currentToken().isStructStart()) {
				frame.set(name, parser.readValueAsTree());
			}
			else if (name.equals("attachments") && parser.isExpectedStartArrayToken()) {
				ArrayNode attachments = attachments(parser, utf8);
				if (attachments == null) {
					return null;
				}
				frame.set(name, attachments);
			}
			else {
				// Of the wrong type, whatever is inside.
				parser.skipChildren();
				frame.putObject(name);
			}
		}
		return (parser.nextToken() == null) ? frame : null;
	}

	private static @Nullable ArrayNode attachments(JsonParser parser, byte[] utf8) {
		int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
		long before = parser.currentTokenCount();
		parser.skipChildren();
		long tokens = parser.currentTokenCount() - before;
		int length = Math.toIntExact(parser.currentLocation().getByteOffset()) - start;
		return (tokens <= Math.max(MIN_MAX_TOKENS, length / MIN_TOKEN_LENGTH))
				? (ArrayNode) GatewayJson.MAPPER.readTree(utf8, start, length) : null;
	}

	private static InboundFrame read(ObjectNode frame) {
		String type = string(frame, "type");
		if ("IDENTITY_CHANGED".equals(type)) {
			String userId = id(frame, "user_id");
			String peerId = (userId != null) ? userId : id(frame, "agent_id");
			return (peerId != null) ? new IdentityChanged(peerId) : new Ignored();
		}
		if (!"MSG".equals(type)) {
			return new Ignored();
		}
		String id = id(frame, "id");
		String conversationId = id(frame, "conversation_id");
		if (id == null || conversationId == null) {
			return new Ignored();
		}
		InboundMessage message = message(frame, id, conversationId);
		return (message != null) ? new Message(message) : new Malformed(id, conversationId);
	}

	private static @Nullable InboundMessage message(ObjectNode frame, String id, String conversationId) {
		String from = id(frame, "from");
		String payload = string(frame, "payload_b64");
		String device = string(frame, "from_device_id");
		String deviceId = (device == null || device.isEmpty()) ? null : device;
		boolean typed = isNullOr(frame.get("encrypted"), JsonNode::isBoolean)
				&& isNullOr(frame.get("attachments"), JsonNode::isArray)
				&& isNullOr(frame.get("from_device_id"), JsonNode::isString)
				&& isNullOr(frame.get("to"), JsonNode::isString)
				&& isNullOr(frame.get("reply_to_message_id"), JsonNode::isString);
		if (!typed || from == null || payload == null || (deviceId != null && !isId(deviceId))) {
			return null;
		}
		ObjectNode fields = GatewayJson.MAPPER.createObjectNode();
		DIGEST_FIELDS.forEach((name) -> fields.set(name, frame.get(name)));
		ConversationKey group = ConversationKey.ofGroup(conversationId);
		ConversationKey conversation = group.to().equals(string(frame, "to")) ? group
				: new ConversationKey(from, conversationId);
		return new InboundMessage(id, from, conversation, deviceId, frame.path("encrypted").booleanValue(false),
				payload, string(frame, "reply_to_message_id"), fields);
	}

	private static @Nullable String string(ObjectNode frame, String name) {
		JsonNode value = frame.get(name);
		return (value != null && value.isString()) ? value.stringValue() : null;
	}

	private static @Nullable String id(ObjectNode frame, String name) {
		String value = string(frame, name);
		return (value != null && isId(value)) ? value : null;
	}

	private static boolean isNullOr(@Nullable JsonNode value, Predicate<JsonNode> type) {
		return value == null || value.isNull() || type.test(value);
	}

	/**
	 * Whether a text can be an id.
	 * @param value the text
	 * @return whether it is not empty, not too long, and has no control characters
	 */
	static boolean isId(String value) {
		return !value.isEmpty() && value.length() <= MAX_ID_LENGTH
				&& value.codePoints().noneMatch((c) -> Character.isISOControl(c) || isSurrogate(c));
	}

	private static boolean isSurrogate(int codePoint) {
		return codePoint <= Character.MAX_VALUE && Character.isSurrogate((char) codePoint);
	}

	/**
	 * A message to the agent.
	 *
	 * @param message the message
	 */
	record Message(InboundMessage message) implements InboundFrame {
	}

	/**
	 * A message of which a field is missing or has the wrong type.
	 *
	 * @param messageId the message
	 * @param conversationId its conversation
	 */
	record Malformed(String messageId, String conversationId) implements InboundFrame {
	}

	/**
	 * A peer's identity key changed.
	 *
	 * @param peerId the peer
	 */
	record IdentityChanged(String peerId) implements InboundFrame {
	}

	/**
	 * Not JSON, not an object, of no type that is known here, or with attachments of more
	 * tokens than their size allows.
	 */
	record Ignored() implements InboundFrame {
	}

}
