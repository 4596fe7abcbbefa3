package com.pacerelle.client;

import java.util.List;
import java.util.function.Predicate;

import com.pacerelle.client.codec.GatewayJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a text frame from the relay is (gateway.md sections 3, 4). Unknown fields are
 * ignored, known ones must have their type.
 */
sealed interface InboundFrame {

	/** The fields that the receipt digest covers (gateway.md section 4.1). */
	List<String> DIGEST_FIELDS = List.of("from", "from_device_id", "conversation_id", "payload_b64", "encrypted", "to",
			"reply_to_message_id", "attachments");

	/** Nobody needs longer ids, and each is stored. */
	int MAX_ID_LENGTH = 1024;

	/**
	 * Reads a frame.
	 * @param utf8 the frame
	 * @return what it is
	 */
	static InboundFrame read(byte[] utf8) {
		try {
			return (GatewayJson.MAPPER.readTree(utf8) instanceof ObjectNode frame) ? read(frame) : new Ignored();
		}
		catch (JacksonException ex) {
			return new Ignored();
		}
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
	 * Not JSON, not an object, or of no type that is known here.
	 */
	record Ignored() implements InboundFrame {
	}

}
