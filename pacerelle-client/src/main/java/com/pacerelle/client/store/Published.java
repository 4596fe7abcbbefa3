package com.pacerelle.client.store;

import java.time.Instant;

/**
 * A prekey and the time since when it is offered to initiators.
 *
 * @param <K> the kind of prekey
 * @param preKey the prekey
 * @param createdAt when it was made
 */
public record Published<K>(K preKey, Instant createdAt) {
}
