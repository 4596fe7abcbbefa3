package com.pacerelle.dev;

import org.jspecify.annotations.Nullable;

/**
 * A message of the agent as the person reads it. Its {@code toString()} has no text.
 *
 * @param id the message's id
 * @param text the decrypted payload (gateway.md section 5.1): plain text, or the JSON of
 * a widget
 * @param replyToMessageId the message of the person that it answers, or {@code null}
 */
public record ReceivedMessage(String id, String text, @Nullable String replyToMessageId) {

	@Override
	public String toString() {
		return "ReceivedMessage[id=" + this.id + ", replyToMessageId=" + this.replyToMessageId + "]";
	}

}
