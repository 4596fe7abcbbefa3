package com.pacerelle.signal.spqr;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Lagrange interpolation over {@link GaloisField}, for the erasure code of ML-KEM Braid
 * ("The ML-KEM Braid Protocol", signal.org; spqr.md section 8). The work that depends on
 * the abscissas alone is done once, because the 16 polynomials of a payload usually share
 * them.
 */
final class Interpolation {

	private final int[] abscissas;

	/** Row j: the coefficients of the polynomial that is 1 at abscissa j, else 0. */
	private int @Nullable [][] basis;

	/**
	 * Prepares the interpolation.
	 * @param abscissas where the values are known, ascending
	 */
	Interpolation(int[] abscissas) {
		this.abscissas = abscissas;
	}

	boolean isThrough(int[] others) {
		return Arrays.equals(this.abscissas, others);
	}

	/**
	 * The polynomial through the points.
	 * @param ordinates one value for each abscissa
	 * @return its coefficients, the constant term first
	 */
	int[] coefficients(int[] ordinates) {
		if (this.basis == null) {
			this.basis = basis(this.abscissas);
		}
		int[] coefficients = new int[ordinates.length];
		for (int j = 0; j < ordinates.length; j++) {
			addMultiple(coefficients, this.basis[j], ordinates[j]);
		}
		return coefficients;
	}

	/**
	 * The values of the polynomial through the points at 0, 1, 2, ..., as many as there
	 * are points.
	 * @param ordinates one value for each abscissa
	 * @return the values
	 */
	int[] values(int[] ordinates) {
		int[] values = new int[ordinates.length];
		int[] coefficients = null;
		int known = 0;
		for (int x = 0; x < values.length; x++) {
			if (this.abscissas[known] == x) {
				values[x] = ordinates[known++];
				continue;
			}
			if (coefficients == null) {
				coefficients = coefficients(ordinates);
			}
			values[x] = evaluate(coefficients, powers(x, coefficients.length));
		}
		return values;
	}

	/**
	 * The powers of an element, which all polynomials that are evaluated there share.
	 * @param x the element
	 * @param count how many powers
	 * @return the powers from x^0 on
	 */
	static int[] powers(int x, int count) {
		int[] powers = new int[count];
		int power = 1;
		for (int k = 0; k < count; k++) {
			powers[k] = power;
			power = GaloisField.multiply(power, x);
		}
		return powers;
	}

	/**
	 * Evaluates a polynomial. Unlike in Horner's rule no product waits for another one.
	 * @param coefficients the coefficients, the constant term first
	 * @param powers the powers of where to evaluate it, at least one for each coefficient
	 * @return its value there
	 */
	static int evaluate(int[] coefficients, int[] powers) {
		int value = 0;
		for (int k = 0; k < coefficients.length; k++) {
			value ^= GaloisField.multiply(coefficients[k], powers[k]);
		}
		return value;
	}

	private static int[][] basis(int[] abscissas) {
		int[] product = productOfLinearFactors(abscissas);
		int[][] basis = new int[abscissas.length][abscissas.length];
		for (int j = 0; j < abscissas.length; j++) {
			int[] quotient = divideByLinearFactor(product, abscissas[j]);
			int scale = GaloisField.divide(1, evaluate(quotient, powers(abscissas[j], quotient.length)));
			addMultiple(basis[j], quotient, scale);
		}
		return basis;
	}

	private static int[] productOfLinearFactors(int[] roots) {
		int[] product = new int[roots.length + 1];
		product[0] = 1;
		for (int degree = 0; degree < roots.length; degree++) {
			for (int k = degree + 1; k > 0; k--) {
				product[k] = product[k - 1] ^ GaloisField.multiply(product[k], roots[degree]);
			}
			product[0] = GaloisField.multiply(product[0], roots[degree]);
		}
		return product;
	}

	private static int[] divideByLinearFactor(int[] polynomial, int root) {
		int[] quotient = new int[polynomial.length - 1];
		int carry = 0;
		for (int k = quotient.length - 1; k >= 0; k--) {
			carry = polynomial[k + 1] ^ GaloisField.multiply(carry, root);
			quotient[k] = carry;
		}
		return quotient;
	}

	private static void addMultiple(int[] sum, int[] summand, int factor) {
		for (int k = 0; k < sum.length; k++) {
			sum[k] ^= GaloisField.multiply(summand[k], factor);
		}
	}

}
