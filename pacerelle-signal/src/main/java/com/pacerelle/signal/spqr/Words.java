package com.pacerelle.signal.spqr;

/**
 * Payloads, polynomials and points of the erasure code are arrays of 16-bit big endian
 * words, in memory as on the wire and in the store.
 */
final class Words {

	private Words() {
	}

	static int get(byte[] words, int index) {
		return (words[2 * index] & 0xFF) << 8 | words[2 * index + 1] & 0xFF;
	}

	static void put(byte[] words, int index, int value) {
		words[2 * index] = (byte) (value >> 8);
		words[2 * index + 1] = (byte) value;
	}

	static int[] unpack(byte[] words) {
		int[] values = new int[words.length / 2];
		for (int i = 0; i < values.length; i++) {
			values[i] = get(words, i);
		}
		return values;
	}

	static byte[] pack(int[] values) {
		byte[] words = new byte[2 * values.length];
		for (int i = 0; i < values.length; i++) {
			put(words, i, values[i]);
		}
		return words;
	}

	/**
	 * How many words of a payload belong to a polynomial: every 16th one.
	 * @param polynomial the number of the polynomial
	 * @param words the words of the payload
	 * @return the words of the polynomial
	 */
	static int ofPolynomial(int polynomial, int words) {
		return (words + ErasureEncoder.POLYNOMIALS - 1 - polynomial) / ErasureEncoder.POLYNOMIALS;
	}

}
