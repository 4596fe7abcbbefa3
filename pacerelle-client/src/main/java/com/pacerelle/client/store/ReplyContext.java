package com.pacerelle.client.store;

import org.jspecify.annotations.Nullable;

/**
 * Where a reply to an inbound message goes.
 *
 * @param userId who sent the message
 * @param conversationId its conversation
 * @param deviceId the device it came from, or {@code null} if it named none
 */
public record ReplyContext(String userId, String conversationId, @Nullable String deviceId) {
}
