package com.pacerelle.signal.crypto;

import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.ShortBufferException;

/**
 * HKDF with SHA-256 (RFC 5869): extract {@code PRK = HMAC(salt, secret)} (section 2.2),
 * then expand {@code T(i) = HMAC(PRK, T(i-1) || info || i)} (section 2.3).
 */
public final class Hkdf {

	private static final int HASH_LENGTH = 32;

	private static final int MAX_LENGTH = 255 * HASH_LENGTH;

	private static final byte[] NO_SALT = new byte[HASH_LENGTH];

	private Hkdf() {
	}

	/**
	 * Derives key material without a salt, that is with 32 zero bytes as the salt.
	 * @param secret the input key material
	 * @param info the context
	 * @param length how many bytes to derive, 1 to 8160
	 * @return {@code length} bytes
	 */
	public static byte[] derive(byte[] secret, byte[] info, int length) {
		return derive(NO_SALT, secret, info, length);
	}

	/**
	 * Derives key material.
	 * @param salt the salt, not empty
	 * @param secret the input key material
	 * @param info the context
	 * @param length how many bytes to derive, 1 to 8160
	 * @return {@code length} bytes
	 */
	public static byte[] derive(byte[] salt, byte[] secret, byte[] info, int length) {
		if (length < 1 || length > MAX_LENGTH) {
			throw new IllegalArgumentException("HKDF derives 1 to " + MAX_LENGTH + " bytes, not " + length);
		}
		byte[] extracted = Hmac.sha256(salt, secret);
		byte[] output = new byte[(length + HASH_LENGTH - 1) / HASH_LENGTH * HASH_LENGTH];
		try {
			Mac mac = Hmac.keyed(extracted);
			for (int offset = 0, block = 1; offset < length; offset += HASH_LENGTH, block++) {
				if (offset > 0) {
					mac.update(output, offset - HASH_LENGTH, HASH_LENGTH);
				}
				mac.update(info);
				mac.update((byte) block);
				mac.doFinal(output, offset);
			}
			return (output.length == length) ? output : Arrays.copyOf(output, length);
		}
		catch (ShortBufferException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			Arrays.fill(extracted, (byte) 0);
			if (output.length != length) {
				Arrays.fill(output, (byte) 0);
			}
		}
	}

}
