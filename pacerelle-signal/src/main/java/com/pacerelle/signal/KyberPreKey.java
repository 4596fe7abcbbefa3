package com.pacerelle.signal;

import java.security.SecureRandom;

import com.pacerelle.signal.crypto.Kyber1024;

/**
 * A Kyber1024 prekey (signal.md sections 4, 5): signed, reusable. Its {@code toString()}
 * has no key.
 *
 * @param id the id, unsigned
 * @param publicKey the type byte {@code 08} and 1568 bytes
 * @param secretKey the type byte {@code 08} and 3168 secret bytes
 * @param signature the identity's signature of the public key, 64 bytes
 */
public record KyberPreKey(int id, byte[] publicKey, byte[] secretKey, byte[] signature) {

	/**
	 * Generates a new Kyber prekey.
	 * @param id the id, unsigned
	 * @param identity the identity that signs it
	 * @param random draws 64 bytes for the key, then 64 for the signature
	 * @return the prekey
	 */
	public static KyberPreKey generate(int id, EcKeyPair identity, SecureRandom random) {
		Kyber1024.KeyPair keyPair = Kyber1024.generate(random);
		return new KyberPreKey(id, keyPair.publicKey(), keyPair.secretKey(),
				identity.sign(keyPair.publicKey(), random));
	}

	@Override
	public String toString() {
		return "KyberPreKey[id=" + Integer.toUnsignedString(this.id) + "]";
	}

}
