package com.pacerelle.client.wire;

import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.codec.Printable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A valid {@code MSG} frame (gateway.md section 4). Its {@code toString()} has no
 * content.
 *
 * @param id the message's id
 * @param from the person who sent it
 * @param conversation the person or the group, and where
 * @param deviceId the device it came from, or {@code null}
 * @param encrypted whether the payload is encrypted
 * @param payload the payload in Base64
 * @param replyToMessageId the message that it answers, or {@code null}
 * @param fields the fields that the receipt digest covers
 */
public record InboundMessage(String id, String from, ConversationKey conversation, @Nullable String deviceId,
		boolean encrypted, String payload, @Nullable String replyToMessageId, ObjectNode fields) {

	/**
	 * The receipt digest (gateway.md section 4.1).
	 * @return SHA-256 over the canonical JSON of the fields, 32 bytes
	 */
	public byte[] digest() {
		return Digests.sha256(GatewayJson.MAPPER.writeValueAsBytes(this.fields));
	}

	/**
	 * What of the frame is needed to handle the message besides its payload and sender.
	 * @return JSON
	 */
	public String envelope() {
		ObjectNode envelope = GatewayJson.MAPPER.createObjectNode();
		if (!this.encrypted) {
			envelope.put("encrypted", false);
		}
		if (this.conversation.isGroup()) {
			envelope.put("group", true);
		}
		if (this.replyToMessageId != null) {
			envelope.put("reply_to_message_id", this.replyToMessageId);
		}
		if (this.fields.path("attachments") instanceof ArrayNode attachments && !attachments.isEmpty()) {
			envelope.set("attachments", attachments);
		}
		return envelope.toString();
	}

	/**
	 * A message whose payload was decrypted and stored. It has no receipt digest.
	 * @param id its id
	 * @param from who sent it
	 * @param conversationId its conversation
	 * @param deviceId the device it came from, or {@code null}
	 * @param envelope the rest of its frame, as {@link #envelope()} returned it
	 * @return the message
	 */
	public static InboundMessage restored(String id, String from, String conversationId, @Nullable String deviceId,
			String envelope) {
		JsonNode rest = GatewayJson.MAPPER.readTree(envelope);
		ObjectNode fields = GatewayJson.MAPPER.createObjectNode();
		fields.set("attachments", rest.path("attachments"));
		ConversationKey conversation = rest.path("group").booleanValue(false) ? ConversationKey.ofGroup(conversationId)
				: new ConversationKey(from, conversationId);
		return new InboundMessage(id, from, conversation, deviceId, rest.path("encrypted").booleanValue(true), "",
				rest.path("reply_to_message_id").stringValue(null), fields);
	}

	@Override
	public String toString() {
		return "InboundMessage[id=" + Printable.id(this.id) + ", conversation=" + this.conversation + "]";
	}

}
