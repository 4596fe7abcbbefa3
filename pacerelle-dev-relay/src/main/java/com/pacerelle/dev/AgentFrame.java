package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeType;

/**
 * What an agent may send through the WebSocket (gateway.md sections 3, 5).
 */
sealed interface AgentFrame {

	/**
	 * A message to a person. Attachments and history records are checked for their type,
	 * and otherwise ignored.
	 *
	 * @param id the message's id
	 * @param to the person
	 * @param conversationId the conversation
	 * @param deviceId the device of the person, or {@code null}
	 * @param replyToMessageId the message that is answered, or {@code null}
	 * @param payload the framed session message
	 */
	record Message(String id, String to, String conversationId, @Nullable String deviceId,
			@Nullable String replyToMessageId, byte[] payload) implements AgentFrame {

		private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

		private static Message read(StrictObject frame) {
			Message message = new Message(frame.string("id"), frame.string("to"), frame.string("conversation_id"),
					frame.optionalString("to_device_id"), frame.optionalString("reply_to_message_id"),
					frame.base64("payload_b64"));
			if (!UUID.matcher(message.id).matches()) {
				throw new ProtocolViolationException("MSG field 'id' is not a UUID");
			}
			if (!frame.bool("encrypted")) {
				throw new ProtocolViolationException("MSG is not encrypted");
			}
			frame.optional("attachments", JsonNodeType.ARRAY);
			frame.optional("history_record", JsonNodeType.OBJECT);
			return message;
		}

		@Override
		public String toString() {
			return "Message[id=" + this.id + ", conversationId=" + this.conversationId + "]";
		}

	}

	/**
	 * The agent has taken responsibility for a message.
	 *
	 * @param messageId the message
	 * @param to who sent it
	 * @param conversationId its conversation
	 */
	record AckRead(String messageId, String to, String conversationId) implements AgentFrame {

		private static AckRead read(StrictObject frame) {
			return new AckRead(frame.string("message_id"), frame.string("to"), frame.string("conversation_id"));
		}

	}

	/**
	 * Reads a frame.
	 * @param text the frame's text
	 * @return the frame
	 * @throws ProtocolViolationException if it departs from the protocol
	 */
	static AgentFrame parse(String text) {
		StrictObject object = StrictObject.parse("The frame", text.getBytes(StandardCharsets.UTF_8));
		AgentFrame frame = switch (object.string("type")) {
			case "MSG" -> Message.read(object);
			case "ACK_READ" -> AckRead.read(object);
			default -> throw new ProtocolViolationException("The frame has an unknown type");
		};
		object.end();
		return frame;
	}

}
