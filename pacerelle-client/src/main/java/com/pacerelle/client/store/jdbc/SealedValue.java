package com.pacerelle.client.store.jdbc;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The form of a sealed value: a byte for the format, the nonce, and what AES-256-GCM
 * returns. The nonce is the number of the data key and a counter.
 */
final class SealedValue {

	/** Of the first and only format. */
	static final byte FORMAT = 1;

	static final int NONCE_LENGTH = Integer.BYTES + Long.BYTES;

	private static final int HEADER_LENGTH = 1 + NONCE_LENGTH;

	private static final int TAG_LENGTH = 16;

	private SealedValue() {
	}

	/**
	 * Seals a value.
	 * @param key a key that has not sealed with this nonce
	 * @param nonce 12 bytes
	 * @param associatedData what the value is bound to
	 * @param value the value
	 * @return the sealed value
	 */
	static byte[] seal(SecretKey key, byte[] nonce, byte[] associatedData, byte[] value) {
		byte[] sealed = new byte[HEADER_LENGTH + value.length + TAG_LENGTH];
		sealed[0] = FORMAT;
		System.arraycopy(nonce, 0, sealed, 1, NONCE_LENGTH);
		try {
			cipher(Cipher.ENCRYPT_MODE, key, sealed, associatedData).doFinal(value, 0, value.length, sealed,
					HEADER_LENGTH);
			return sealed;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("AES-GCM cannot seal", ex);
		}
	}

	/**
	 * Opens a sealed value.
	 * @param key the key that sealed it
	 * @param associatedData what the value is bound to
	 * @param sealed the sealed value
	 * @return the value
	 * @throws GeneralSecurityException if the key did not seal this value with this data
	 */
	static byte[] open(SecretKey key, byte[] associatedData, byte[] sealed) throws GeneralSecurityException {
		if (!hasForm(sealed)) {
			throw new GeneralSecurityException("No sealed value");
		}
		return cipher(Cipher.DECRYPT_MODE, key, sealed, associatedData).doFinal(sealed, HEADER_LENGTH,
				sealed.length - HEADER_LENGTH);
	}

	/**
	 * The number of the data key that sealed a value.
	 * @param sealed the sealed value
	 * @return the number, or 0 if it is no sealed value
	 */
	static int dataKey(byte[] sealed) {
		return hasForm(sealed) ? Math.max(0, ByteBuffer.wrap(sealed, 1, Integer.BYTES).getInt()) : 0;
	}

	private static boolean hasForm(byte[] sealed) {
		return sealed.length >= HEADER_LENGTH + TAG_LENGTH && sealed[0] == FORMAT;
	}

	private static Cipher cipher(int mode, SecretKey key, byte[] sealed, byte[] associatedData)
			throws GeneralSecurityException {
		Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
		cipher.init(mode, key,
				new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, Arrays.copyOfRange(sealed, 1, HEADER_LENGTH)));
		cipher.updateAAD(associatedData);
		return cipher;
	}

}
