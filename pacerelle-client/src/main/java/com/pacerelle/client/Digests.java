package com.pacerelle.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256.
 */
final class Digests {

	private Digests() {
	}

	static byte[] sha256(byte[] bytes) {
		return sha256().digest(bytes);
	}

	static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
