package com.pacerelle.client.store;

import java.time.Instant;

/**
 * What is known of a key of a group, without the key.
 *
 * @param keyId its id
 * @param epoch its epoch
 * @param givenBy the member who gave it to the agent first, or an empty string for a key
 * of an older store, which does not know
 * @param givenAt when
 * @param shared whether another member has written with it
 */
public record KnownGroupKey(String keyId, long epoch, String givenBy, Instant givenAt, boolean shared) {
}
