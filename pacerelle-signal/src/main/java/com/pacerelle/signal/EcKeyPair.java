package com.pacerelle.signal;

import java.security.SecureRandom;

/**
 * A Curve25519 key pair (signal.md section 3.1).
 */
public final class EcKeyPair {

	private EcKeyPair() {
	}

	/**
	 * Makes a new pair.
	 * @param random draws 32 bytes
	 * @return the pair
	 */
	public static EcKeyPair generate(SecureRandom random) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Reads a stored pair.
	 * @param privateKey 32 bytes, clamped here if they are not
	 * @return the pair
	 * @throws MalformedKeyException if there are not 32 bytes
	 */
	public static EcKeyPair decode(byte[] privateKey) {
		throw new UnsupportedOperationException();
	}

	/**
	 * The public half.
	 * @return the public key
	 */
	public EcPublicKey publicKey() {
		throw new UnsupportedOperationException();
	}

	/**
	 * The private half, to be stored.
	 * @return a copy of the 32 secret bytes
	 */
	public byte[] encodePrivateKey() {
		throw new UnsupportedOperationException();
	}

}
