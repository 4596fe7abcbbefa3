package com.pacerelle.signal;

import org.jspecify.annotations.Nullable;

/**
 * What an initiator needs to start a session (signal.md section 5): public keys only.
 *
 * @param registrationId the responder's registration id
 * @param deviceId the responder's device id, 1..127
 * @param identityKey the responder's identity
 * @param signedPreKeyId the id of the signed prekey, unsigned
 * @param signedPreKey the signed prekey
 * @param signedPreKeySignature 64 bytes
 * @param kyberPreKeyId the id of the Kyber prekey, unsigned
 * @param kyberPreKey 1569 bytes
 * @param kyberPreKeySignature 64 bytes
 * @param oneTimePreKeyId the id of the one-time prekey, unsigned, or {@code null}
 * @param oneTimePreKey the one-time prekey, or {@code null}
 */
public record PreKeyBundle(int registrationId, int deviceId, EcPublicKey identityKey, int signedPreKeyId,
		EcPublicKey signedPreKey, byte[] signedPreKeySignature, int kyberPreKeyId, byte[] kyberPreKey,
		byte[] kyberPreKeySignature, @Nullable Integer oneTimePreKeyId, @Nullable EcPublicKey oneTimePreKey) {
}
