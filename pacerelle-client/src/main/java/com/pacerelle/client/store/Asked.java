package com.pacerelle.client.store;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A widget that the handler of a message sent to ask something.
 *
 * @param askedAt when it was sent
 * @param expiresAt until when it can be answered, or {@code null}
 */
public record Asked(Instant askedAt, @Nullable Instant expiresAt) {

}
