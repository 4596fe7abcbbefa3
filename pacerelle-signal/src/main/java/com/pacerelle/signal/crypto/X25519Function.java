package com.pacerelle.signal.crypto;

/**
 * The function X25519 (RFC 7748, section 5), which a library computes.
 */
interface X25519Function {

	/**
	 * Computes {@code X25519(private, 9)} (RFC 7748, section 6.1).
	 * @param privateKey 32 bytes, clamped, which are only read
	 * @param target takes the 32 bytes of the public key
	 * @param offset where to put them
	 */
	void publicKey(byte[] privateKey, byte[] target, int offset);

	/**
	 * Computes {@code X25519(private, public)}.
	 * @param privateKey 32 bytes, clamped, which are only read
	 * @param publicKey the array that holds the other party's 32 bytes
	 * @param offset where they start
	 * @param shared takes the 32 bytes of the shared secret
	 * @return whether the secret is usable: it is not if it is zero, as with every key of
	 * low order
	 */
	boolean agree(byte[] privateKey, byte[] publicKey, int offset, byte[] shared);

}
