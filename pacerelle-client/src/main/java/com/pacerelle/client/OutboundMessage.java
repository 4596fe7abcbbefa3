package com.pacerelle.client;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.history.HistoryRecord;
import org.jspecify.annotations.Nullable;

/**
 * A {@code MSG} frame of the agent (gateway.md section 5). Its {@code toString()} has no
 * content.
 *
 * @param type always {@code MSG}
 * @param id the message's id
 * @param conversationId the conversation
 * @param to the person
 * @param payloadB64 the payload in Base64
 * @param encrypted whether the payload is encrypted
 * @param toDeviceId the device, or {@code null}
 * @param historyRecord what goes into the archive of the conversation, or {@code null}
 * @param replyToMessageId the message that it answers, or {@code null}
 * @param attachments its files, or {@code null} for none
 */
@JsonPropertyOrder({ "type", "id", "conversationId", "to", "payloadB64", "encrypted", "toDeviceId", "historyRecord",
		"replyToMessageId", "attachments" })
record OutboundMessage(String type, String id, String conversationId, String to, String payloadB64, boolean encrypted,
		@Nullable String toDeviceId, @Nullable HistoryRecord historyRecord, @Nullable String replyToMessageId,
		@Nullable List<Attachments.Public> attachments) {

	String toJson() {
		return GatewayJson.MAPPER.writeValueAsString(this);
	}

	@Override
	public String toString() {
		return "OutboundMessage[id=" + this.id + ", conversationId=" + this.conversationId + "]";
	}

}
