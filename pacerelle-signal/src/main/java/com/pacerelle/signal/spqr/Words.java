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

	static int[] get(byte[] words, int index, int count) {
		int[] values = new int[count];
		for (int i = 0; i < count; i++) {
			values[i] = get(words, index + i);
		}
		return values;
	}

	static void put(byte[] words, int index, int[] values) {
		for (int i = 0; i < values.length; i++) {
			put(words, index + i, values[i]);
		}
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

	/**
	 * How many words of a payload belong to the polynomials before one.
	 * @param polynomial the number of the polynomial
	 * @param words the words of the payload
	 * @return the words of the earlier polynomials
	 */
	static int beforePolynomial(int polynomial, int words) {
		return polynomial * (words / ErasureEncoder.POLYNOMIALS)
				+ Math.min(polynomial, words % ErasureEncoder.POLYNOMIALS);
	}

}
