package com.pacerelle.signal.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;

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
	 * Derives a key of a key, then one of that, and so on, without a salt. The context of
	 * each is its number, in 4 bytes, and a label.
	 * @param secret the first key, 32 bytes
	 * @param number the number of the first derivation
	 * @param times how often
	 * @param label the label
	 * @return the last key, 32 bytes, or a copy of the first
	 */
	public static byte[] iterate(byte[] secret, int number, int times, byte[] label) {
		byte[] current = secret.clone();
		byte[] extracted = new byte[HASH_LENGTH];
		ByteBuffer info = ByteBuffer.allocate(Integer.BYTES + label.length + 1)
			.put(Integer.BYTES, label)
			.put(Integer.BYTES + label.length, (byte) 1);
		try (Hmac extract = Hmac.of(NO_SALT); Hmac expand = Hmac.of(NO_SALT)) {
			for (int i = 0; i < times; i++) {
				extract.restart();
				extract.update(current);
				extract.doFinal(extracted, 0);
				expand.init(extracted);
				expand.update(info.putInt(0, number + i).array());
				expand.doFinal(current, 0);
			}
			return current;
		}
		finally {
			Arrays.fill(extracted, (byte) 0);
		}
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
		byte[] extracted = new byte[HASH_LENGTH];
		byte[] output = new byte[(length + HASH_LENGTH - 1) / HASH_LENGTH * HASH_LENGTH];
		try (Hmac hmac = Hmac.of(salt)) {
			hmac.update(secret);
			hmac.doFinal(extracted, 0);
			hmac.init(extracted);
			for (int offset = 0, block = 1; offset < length; offset += HASH_LENGTH, block++) {
				if (offset > 0) {
					hmac.restart();
					hmac.update(output, offset - HASH_LENGTH, HASH_LENGTH);
				}
				hmac.update(info);
				hmac.update((byte) block);
				hmac.doFinal(output, offset);
			}
			return (output.length == length) ? output : Arrays.copyOf(output, length);
		}
		finally {
			Arrays.fill(extracted, (byte) 0);
			if (output.length != length) {
				Arrays.fill(output, (byte) 0);
			}
		}
	}

}
