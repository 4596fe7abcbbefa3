package com.pacerelle.client.message;

import java.util.List;
import java.util.Objects;

import com.pacerelle.client.codec.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A decrypted message to the agent (gateway.md sections 4, 5.1). Its {@code toString()}
 * has no content.
 *
 * @param id the message's id, the idempotency key of its handling
 * @param conversationId the conversation
 * @param from the id of the person who sent it
 * @param fromDeviceId the device it came from, or {@code null}
 * @param group whether it was sent to a group
 * @param encrypted whether it came encrypted; always {@code true} unless end-to-end
 * encryption is off
 * @param text the text, possibly empty; empty for an answer and an update
 * @param attachments the files that came with it
 * @param replyToMessageId the message that it answers, or {@code null}
 * @param widgetResponse the answer to a widget, or {@code null} if it is none
 * @param widgetUpdate the change of a widget, or {@code null} if it is none
 */
public record AgentMessage(String id, String conversationId, String from, @Nullable String fromDeviceId, boolean group,
		boolean encrypted, String text, List<AgentAttachment> attachments, @Nullable String replyToMessageId,
		@Nullable WidgetResponse widgetResponse, @Nullable WidgetUpdate widgetUpdate) {

	/**
	 * Creates a message.
	 */
	public AgentMessage {
		Objects.requireNonNull(id, "'id' must not be null");
		Objects.requireNonNull(conversationId, "'conversationId' must not be null");
		Objects.requireNonNull(from, "'from' must not be null");
		Objects.requireNonNull(text, "'text' must not be null");
		attachments = List.copyOf(attachments);
	}

	/**
	 * Creates an encrypted, direct text message, such as a test needs it.
	 * @param id the message's id
	 * @param conversationId the conversation
	 * @param from the id of the person
	 * @param text the text
	 * @return the message
	 */
	public static AgentMessage of(String id, String conversationId, String from, String text) {
		return new AgentMessage(id, conversationId, from, null, false, true, text, List.of(), null, null, null);
	}

	@Override
	public String toString() {
		return "AgentMessage[id=" + Printable.id(this.id) + ", conversationId=" + Printable.id(this.conversationId)
				+ "]";
	}

}
