package com.pacerelle.dev;

import org.jspecify.annotations.Nullable;

/**
 * Where messages of the agent go.
 *
 * @param userId the person
 * @param conversationId the conversation
 * @param deviceId the device of the person, or {@code null}
 */
record PersonAddress(String userId, String conversationId, @Nullable String deviceId) {
}
