package com.pacerelle.signal.crypto;

import java.security.SecureRandom;

/**
 * What computes with the secrets of a signature, for measurements.
 */
public final class SigningSecrets {

	private static final byte[] MESSAGE = new byte[32];

	private static final SecureRandom RANDOM = new SecureRandom();

	private static volatile byte[] result = MESSAGE;

	private SigningSecrets() {
	}

	/**
	 * Signs a message.
	 * @param privateKey the secret
	 */
	public static void sign(byte[] privateKey) {
		result = XEdDsa.sign(privateKey, MESSAGE, RANDOM);
	}

	/**
	 * Reduces a number modulo the order of the base point.
	 * @param number the secret
	 */
	public static void reduce(byte[] number) {
		result = Scalar25519.reduce(number);
	}

}
