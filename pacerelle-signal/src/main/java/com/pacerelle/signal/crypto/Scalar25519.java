package com.pacerelle.signal.crypto;

import java.util.Arrays;

/**
 * Arithmetic modulo L = 2^252 + 27742317777372353535851937790883648493, the order of
 * edwards25519's base point (RFC 8032, section 5.1), for secret scalars: one bit at a
 * time and without branches on their values. Only signing needs it, which is rare.
 */
final class Scalar25519 {

	private static final int WORDS = 8;

	private static final int[] ORDER = { 0x5CF5D3ED, 0x5812631A, 0xA2F79CD6, 0x14DEF9DE, 0, 0, 0, 0x10000000 };

	private static final byte[] ONE = { 1 };

	private Scalar25519() {
	}

	/**
	 * Reduces a number.
	 * @param number little endian, of any length
	 * @return 32 bytes, little endian, below L
	 */
	static byte[] reduce(byte[] number) {
		return multiplyAdd(number, ONE, new byte[0]);
	}

	/**
	 * Computes {@code factor * scalar + summand} mod L.
	 * @param factor little endian, of any length
	 * @param scalar little endian, below L
	 * @param summand little endian, below L
	 * @return 32 bytes, little endian, below L
	 */
	static byte[] multiplyAdd(byte[] factor, byte[] scalar, byte[] summand) {
		int[] multiplicand = words(scalar);
		int[] addend = words(summand);
		int[] result = new int[WORDS];
		try {
			for (int bit = 8 * factor.length - 1; bit >= 0; bit--) {
				add(result, result, -1);
				add(result, multiplicand, -(factor[bit >>> 3] >>> (bit & 7) & 1));
			}
			add(result, addend, -1);
			return bytes(result);
		}
		finally {
			Arrays.fill(multiplicand, 0);
			Arrays.fill(addend, 0);
			Arrays.fill(result, 0);
		}
	}

	private static void add(int[] target, int[] summand, int mask) {
		long carry = 0;
		for (int i = 0; i < WORDS; i++) {
			carry += Integer.toUnsignedLong(target[i]) + Integer.toUnsignedLong(summand[i] & mask);
			target[i] = (int) carry;
			carry >>>= 32;
		}
		long borrow = 0;
		for (int i = 0; i < WORDS; i++) {
			borrow += Integer.toUnsignedLong(target[i]) - Integer.toUnsignedLong(ORDER[i]);
			borrow >>= 32;
		}
		int subtract = (int) ~borrow;
		borrow = 0;
		for (int i = 0; i < WORDS; i++) {
			borrow += Integer.toUnsignedLong(target[i]) - Integer.toUnsignedLong(ORDER[i] & subtract);
			target[i] = (int) borrow;
			borrow >>= 32;
		}
	}

	private static int[] words(byte[] bytes) {
		int[] words = new int[WORDS];
		for (int i = 0; i < bytes.length; i++) {
			words[i >>> 2] |= (bytes[i] & 0xFF) << 8 * (i & 3);
		}
		return words;
	}

	private static byte[] bytes(int[] words) {
		byte[] bytes = new byte[4 * WORDS];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) (words[i >>> 2] >>> 8 * (i & 3));
		}
		return bytes;
	}

}
