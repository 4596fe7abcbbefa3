package com.pacerelle.signal;

import java.security.SecureRandom;

/**
 * A signed prekey (signal.md section 5).
 *
 * @param id the id, unsigned
 * @param keyPair the key pair
 * @param signature the identity's signature of the public key, 64 bytes
 */
public record SignedPreKey(int id, EcKeyPair keyPair, byte[] signature) {

	/**
	 * Generates a new signed prekey.
	 * @param id the id, unsigned
	 * @param identity the identity that signs it
	 * @param random draws 32 bytes for the key, then 64 for the signature
	 * @return the prekey
	 */
	public static SignedPreKey generate(int id, EcKeyPair identity, SecureRandom random) {
		EcKeyPair keyPair = EcKeyPair.generate(random);
		return new SignedPreKey(id, keyPair, identity.sign(keyPair.publicKey().encoded(), random));
	}

	@Override
	public String toString() {
		return "SignedPreKey[id=" + Integer.toUnsignedString(this.id) + "]";
	}

}
