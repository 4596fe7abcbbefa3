package com.pacerelle.dev;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM, as files and messages to groups use it (gateway.md sections 5.3, 7).
 */
final class AesGcm {

	static final int NONCE_SIZE = 12;

	private static final int KEY_SIZE = 32;

	private static final int TAG_BITS = 128;

	private AesGcm() {
	}

	static byte[] newKey(SecureRandom random) {
		return bytes(KEY_SIZE, random);
	}

	static byte[] newNonce(SecureRandom random) {
		return bytes(NONCE_SIZE, random);
	}

	private static byte[] bytes(int size, SecureRandom random) {
		byte[] bytes = new byte[size];
		random.nextBytes(bytes);
		return bytes;
	}

	static byte[] encrypt(byte[] key, byte[] nonce, byte[] additionalData, byte[] plaintext) {
		try {
			return cipher(Cipher.ENCRYPT_MODE, key, nonce, additionalData).doFinal(plaintext);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has AES-GCM", ex);
		}
	}

	/**
	 * Decrypts.
	 * @throws ProtocolViolationException if the key, the nonce or the tag is wrong
	 */
	static byte[] decrypt(byte[] key, byte[] nonce, byte[] additionalData, byte[] ciphertext) {
		try {
			return cipher(Cipher.DECRYPT_MODE, key, nonce, additionalData).doFinal(ciphertext);
		}
		catch (GeneralSecurityException ex) {
			throw new ProtocolViolationException("It cannot be decrypted with its key");
		}
	}

	private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] additionalData)
			throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
		cipher.updateAAD(additionalData);
		return cipher;
	}

}
