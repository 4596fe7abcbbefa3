package com.pacerelle.client;

import java.security.GeneralSecurityException;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM, the tag after the ciphertext.
 */
final class AesGcm {

	static final int KEY_SIZE = 32;

	static final int NONCE_SIZE = 12;

	static final int TAG_SIZE = 16;

	private AesGcm() {
	}

	static byte[] encrypt(byte[] key, byte[] nonce, byte[] additionalData, byte[] plaintext) {
		try {
			return run(Cipher.ENCRYPT_MODE, key, nonce, additionalData, plaintext);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has AES-GCM", ex);
		}
	}

	/**
	 * Decrypts.
	 * @param key 32 bytes
	 * @param nonce 12 bytes
	 * @param additionalData what was authenticated besides
	 * @param ciphertext the ciphertext and the tag
	 * @return the plaintext
	 * @throws AEADBadTagException if anything is not what was encrypted
	 */
	static byte[] decrypt(byte[] key, byte[] nonce, byte[] additionalData, byte[] ciphertext)
			throws AEADBadTagException {
		try {
			return run(Cipher.DECRYPT_MODE, key, nonce, additionalData, ciphertext);
		}
		catch (AEADBadTagException ex) {
			throw ex;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has AES-GCM", ex);
		}
	}

	private static byte[] run(int mode, byte[] key, byte[] nonce, byte[] additionalData, byte[] input)
			throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_SIZE, nonce));
		cipher.updateAAD(additionalData);
		return cipher.doFinal(input);
	}

}
