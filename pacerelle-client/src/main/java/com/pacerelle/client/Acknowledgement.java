package com.pacerelle.client;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.pacerelle.client.codec.GatewayJson;

/**
 * An {@code ACK_READ} frame (gateway.md section 3).
 *
 * @param type always {@code ACK_READ}
 * @param to who sent the message
 * @param messageId the message
 * @param conversationId its conversation
 */
@JsonPropertyOrder({ "type", "to", "messageId", "conversationId" })
record Acknowledgement(String type, String to, String messageId, String conversationId) {

	static String of(InboundMessage message) {
		return GatewayJson.MAPPER.writeValueAsString(
				new Acknowledgement("ACK_READ", message.from(), message.id(), message.conversation().conversationId()));
	}

}
