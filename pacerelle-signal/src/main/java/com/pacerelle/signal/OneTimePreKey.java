package com.pacerelle.signal;

import java.security.SecureRandom;

/**
 * A one-time prekey: not signed, used by one session and then deleted (signal.md section
 * 5).
 *
 * @param id the id, unsigned
 * @param keyPair the key pair
 */
public record OneTimePreKey(int id, EcKeyPair keyPair) {

	/**
	 * Generates a new one-time prekey.
	 * @param id the id, unsigned
	 * @param random the source of the key
	 * @return the prekey
	 */
	public static OneTimePreKey generate(int id, SecureRandom random) {
		return new OneTimePreKey(id, EcKeyPair.generate(random));
	}

	@Override
	public String toString() {
		return "OneTimePreKey[id=" + Integer.toUnsignedString(this.id) + "]";
	}

}
