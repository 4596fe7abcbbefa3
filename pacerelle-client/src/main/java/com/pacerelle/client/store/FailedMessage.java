package com.pacerelle.client.store;

import java.time.Instant;

/**
 * A message that was accepted although it could not be handled: its payload is kept.
 *
 * @param messageId the message
 * @param source where it came from
 * @param attempts how often it was tried
 * @param failure the types of what failed last
 * @param receivedAt when the message was received first
 * @param failedAt when it failed last
 */
public record FailedMessage(String messageId, ReplyContext source, int attempts, String failure, Instant receivedAt,
		Instant failedAt) {
}
