package com.pacerelle.client;

import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.codec.GatewayJson;
import org.jspecify.annotations.Nullable;
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
record InboundMessage(String id, String from, ConversationKey conversation, @Nullable String deviceId,
		boolean encrypted, String payload, @Nullable String replyToMessageId, ObjectNode fields) {

	/**
	 * The receipt digest (gateway.md section 4.1).
	 * @return SHA-256 over the canonical JSON of the fields, 32 bytes
	 */
	byte[] digest() {
		return Digests.sha256(GatewayJson.MAPPER.writeValueAsBytes(this.fields));
	}

	@Override
	public String toString() {
		return "InboundMessage[id=" + this.id + ", conversation=" + this.conversation + "]";
	}

}
