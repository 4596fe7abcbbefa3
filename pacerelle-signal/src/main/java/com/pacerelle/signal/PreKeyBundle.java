package com.pacerelle.signal;

import com.pacerelle.signal.crypto.Kyber1024;
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
 * @param oneTimePreKeyId the id of the one-time prekey, unsigned, or {@code null};
 * without a one-time prekey it is ignored
 * @param oneTimePreKey the one-time prekey, or {@code null}
 */
public record PreKeyBundle(int registrationId, int deviceId, EcPublicKey identityKey, int signedPreKeyId,
		EcPublicKey signedPreKey, byte[] signedPreKeySignature, int kyberPreKeyId, byte[] kyberPreKey,
		byte[] kyberPreKeySignature, @Nullable Integer oneTimePreKeyId, @Nullable EcPublicKey oneTimePreKey) {

	/**
	 * The bundle that a responder publishes, with the device id that this product always
	 * uses.
	 * @param registrationId the responder's registration id
	 * @param identityKey the responder's identity
	 * @param signedPreKey the signed prekey
	 * @param kyberPreKey the Kyber prekey
	 * @param oneTimePreKey the one-time prekey, or {@code null} if there is none left
	 * @return the public halves
	 */
	public static PreKeyBundle of(int registrationId, EcPublicKey identityKey, SignedPreKey signedPreKey,
			KyberPreKey kyberPreKey, @Nullable OneTimePreKey oneTimePreKey) {
		return new PreKeyBundle(registrationId, 1, identityKey, signedPreKey.id(), signedPreKey.keyPair().publicKey(),
				signedPreKey.signature(), kyberPreKey.id(), kyberPreKey.publicKey(), kyberPreKey.signature(),
				(oneTimePreKey != null) ? oneTimePreKey.id() : null,
				(oneTimePreKey != null) ? oneTimePreKey.keyPair().publicKey() : null);
	}

	/**
	 * Checks what can be checked without any key.
	 * @throws InvalidBundleException if a field has an impossible value
	 */
	public void requireWellFormed() {
		if (this.deviceId < 1 || this.deviceId > 127) {
			throw new InvalidBundleException("The bundle has device id " + this.deviceId + ", which is not in 1..127");
		}
		if (!Kyber1024.isPublicKey(this.kyberPreKey)) {
			throw new InvalidBundleException("The bundle has a malformed Kyber prekey");
		}
		if (this.oneTimePreKey != null && this.oneTimePreKeyId == null) {
			throw new InvalidBundleException("The bundle has a one-time prekey without an id");
		}
	}

	/**
	 * Verifies the signatures of the prekeys.
	 * @throws InvalidBundleException if the identity has not signed a prekey
	 */
	public void requireSigned() {
		if (!this.identityKey.verify(this.signedPreKey.encoded(), this.signedPreKeySignature)) {
			throw new InvalidBundleException("The bundle's signed prekey has a wrong signature");
		}
		if (!this.identityKey.verify(this.kyberPreKey, this.kyberPreKeySignature)) {
			throw new InvalidBundleException("The bundle's Kyber prekey has a wrong signature");
		}
	}

	@Override
	public String toString() {
		return "PreKeyBundle[registrationId=" + this.registrationId + ", deviceId=" + this.deviceId + "]";
	}

}
