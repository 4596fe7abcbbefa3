package com.pacerelle.client.store;

import java.time.Instant;

import com.pacerelle.signal.EcPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * The history key that a device of a person, or a group, has delivered in a conversation.
 *
 * @param conversationId the conversation
 * @param recipient for whom the archive is: the person, or the group's address
 * @param deviceId the device that delivered the key, or {@code null} for one without an
 * id, and for a group
 * @param identity the identity that the device had then, or {@code null} for a group,
 * where nobody proves to be the sender
 * @param key the key
 * @param deliveredAt when it was delivered first
 */
public record KnownHistoryKey(String conversationId, String recipient, @Nullable String deviceId,
		@Nullable EcPublicKey identity, HistoryKey key, Instant deliveredAt) {
}
