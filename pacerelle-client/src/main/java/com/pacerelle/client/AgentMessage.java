package com.pacerelle.client;

import org.jspecify.annotations.Nullable;

/**
 * A decrypted message to the agent (gateway.md sections 4, 5.1). Its {@code toString()}
 * has no text.
 *
 * @param id the message's id, the idempotency key of its handling
 * @param conversationId the conversation
 * @param from the id of the person who sent it
 * @param fromDeviceId the device it came from, or {@code null}
 * @param text the text, possibly empty
 * @param replyToMessageId the message that it answers, or {@code null}
 */
public record AgentMessage(String id, String conversationId, String from, @Nullable String fromDeviceId, String text,
		@Nullable String replyToMessageId) {

	@Override
	public String toString() {
		return "AgentMessage[id=" + this.id + ", conversationId=" + this.conversationId + "]";
	}

}
