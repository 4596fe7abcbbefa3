package com.pacerelle.client.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message that was decrypted and is kept until it is handled. Its {@code toString()}
 * has no text.
 *
 * @param messageId the message
 * @param state how far it has come
 * @param source where it came from
 * @param payload the decrypted payload, or {@code null} if it is not kept any more
 * @param envelope the rest of the frame, or {@code null} if the frame is needed
 * @param receivedAt when it was received first
 */
public record StoredMessage(String messageId, Receipt.State state, ReplyContext source, @Nullable String payload,
		@Nullable String envelope, Instant receivedAt) {

	@Override
	public String toString() {
		return "StoredMessage[messageId=" + this.messageId + ", state=" + this.state + "]";
	}

}
