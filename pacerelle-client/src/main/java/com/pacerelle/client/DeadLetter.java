package com.pacerelle.client;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A message that could not be handled: it was accepted, and is kept in the store. Its
 * {@code toString()} has no ids that could disturb a log.
 *
 * @param messageId the message
 * @param userId who sent it
 * @param conversationId its conversation
 * @param deviceId the device it came from, or {@code null}
 * @param attempts how often it was tried
 * @param failure the types of what failed last, without their messages
 * @param receivedAt when it was received
 * @param failedAt when it failed last
 */
public record DeadLetter(String messageId, String userId, String conversationId, @Nullable String deviceId,
		int attempts, String failure, Instant receivedAt, Instant failedAt) {

	@Override
	public String toString() {
		return "DeadLetter[messageId=" + PrintableId.of(this.messageId) + ", userId=" + PrintableId.of(this.userId)
				+ ", conversationId=" + PrintableId.of(this.conversationId) + ", attempts=" + this.attempts
				+ ", failure=" + this.failure + "]";
	}

}
