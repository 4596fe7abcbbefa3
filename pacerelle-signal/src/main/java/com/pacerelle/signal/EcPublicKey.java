package com.pacerelle.signal;

/**
 * A Curve25519 public key (signal.md section 3.1). Keys are equal if their 33 bytes are.
 */
public final class EcPublicKey {

	private EcPublicKey() {
	}

	/**
	 * Reads a key.
	 * @param bytes the type byte {@code 05} and 32 bytes; more bytes are ignored
	 * @return the key
	 * @throws MalformedKeyException if the bytes are not a key
	 */
	public static EcPublicKey decode(byte[] bytes) {
		throw new UnsupportedOperationException();
	}

	/**
	 * The key as it is sent and stored.
	 * @return the type byte {@code 05} and 32 bytes
	 */
	public byte[] encode() {
		throw new UnsupportedOperationException();
	}

}
