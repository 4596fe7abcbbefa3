package com.pacerelle.signal.session;

import org.jspecify.annotations.Nullable;

/**
 * What the initiator sends along until the responder has answered (signal.md section
 * 7.2).
 *
 * @param oneTimePreKeyId the responder's one-time prekey, or {@code null} if there was
 * none
 * @param signedPreKeyId the responder's signed prekey
 * @param kyberPreKeyId the responder's Kyber prekey
 * @param kyberCiphertext the secret for the Kyber prekey
 * @param createdAt when the session was created, in seconds of the epoch
 */
record PendingPreKey(@Nullable Integer oneTimePreKeyId, int signedPreKeyId, int kyberPreKeyId, byte[] kyberCiphertext,
		long createdAt) {

	static final long MAX_AGE_SECONDS = 2_592_000;

	boolean isStale(long now) {
		return this.createdAt + MAX_AGE_SECONDS < now;
	}

}
