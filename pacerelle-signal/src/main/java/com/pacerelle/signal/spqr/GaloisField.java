package com.pacerelle.signal.spqr;

/**
 * GF(2^16) modulo x^16 + x^12 + x^3 + x + 1 (spqr.md section 8.1). Addition is XOR. All
 * that is computed here is public, so the table look-ups leak nothing.
 */
final class GaloisField {

	private static final int POLYNOMIAL = 0x1100B;

	/** The number of elements other than 0, which are the powers of 2. */
	private static final int ORDER = 0xFFFF;

	/** The powers of 2, twice in a row, so that a sum of two logarithms is an index. */
	private static final char[] POWERS = new char[2 * ORDER];

	private static final char[] LOGARITHMS = new char[ORDER + 1];

	static {
		int power = 1;
		for (int exponent = 0; exponent < ORDER; exponent++) {
			POWERS[exponent] = (char) power;
			POWERS[exponent + ORDER] = (char) power;
			LOGARITHMS[power] = (char) exponent;
			power <<= 1;
			if (power > ORDER) {
				power ^= POLYNOMIAL;
			}
		}
	}

	private GaloisField() {
	}

	static int multiply(int a, int b) {
		return (a == 0 || b == 0) ? 0 : POWERS[LOGARITHMS[a] + LOGARITHMS[b]];
	}

	static int divide(int a, int b) {
		if (b == 0) {
			throw new ArithmeticException("Division by zero in GF(2^16)");
		}
		return (a == 0) ? 0 : POWERS[LOGARITHMS[a] + ORDER - LOGARITHMS[b]];
	}

}
