package com.pacerelle.client.codec;

import java.security.GeneralSecurityException;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM, the tag after the ciphertext.
 */
public final class AesGcm {

	/** The size of a key in bytes. */
	public static final int KEY_SIZE = 32;

	/** The size of a nonce in bytes. */
	public static final int NONCE_SIZE = 12;

	/** The size of the tag in bytes. */
	public static final int TAG_SIZE = 16;

	private AesGcm() {
	}

	/**
	 * Encrypts.
	 * @param key 32 bytes
	 * @param nonce 12 bytes, never used with this key before
	 * @param additionalData what is authenticated besides
	 * @param plaintext the plaintext
	 * @return the ciphertext and the tag
	 */
	public static byte[] encrypt(byte[] key, byte[] nonce, byte[] additionalData, byte[] plaintext) {
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
	public static byte[] decrypt(byte[] key, byte[] nonce, byte[] additionalData, byte[] ciphertext)
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
