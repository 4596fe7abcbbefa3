package com.pacerelle.client.codec;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256.
 */
public final class Digests {

	private Digests() {
	}

	/**
	 * Hashes bytes.
	 * @param bytes the bytes
	 * @return the digest, 32 bytes
	 */
	public static byte[] sha256(byte[] bytes) {
		return sha256().digest(bytes);
	}

	/**
	 * Starts a digest of what comes in parts.
	 * @return the digest
	 */
	public static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
