package com.pacerelle.signal.spqr;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PolynomialTests {

	private static final int SIZE = Polynomial.SIZE;

	private static final int MODULUS = Polynomial.MODULUS;

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void theTransformTurnsTheProductOfTheRingIntoThatOfTheBlocks(long seed) {
		int[] a = random(seed);
		int[] b = random(-seed);
		Polynomial first = of(a);
		Polynomial second = of(b);
		first.transform();
		second.transform();
		Polynomial product = new Polynomial();
		product.addProduct(first, second);
		product.transformBack();
		assertThat(product.toArray()).isEqualTo(productInTheRing(a, b));
	}

	@Test
	void compressionRoundsEveryResidueHalfUp() {
		for (int start = 0; start < MODULUS; start += SIZE) {
			int[] coefficients = new int[SIZE];
			for (int i = 0; i < SIZE; i++) {
				coefficients[i] = (start + i) % MODULUS;
			}
			byte[] ten = new byte[320];
			of(coefficients).compress10(ten, 0);
			byte[] four = of(coefficients).compress4();
			for (int i = 0; i < SIZE; i++) {
				assertThat(bits(ten, 10, i)).isEqualTo(rounded(coefficients[i], 10));
				assertThat(bits(four, 4, i)).isEqualTo(rounded(coefficients[i], 4));
			}
		}
	}

	@Test
	void signedResiduesAreCentredAndReadBack() {
		int[] coefficients = random(7);
		byte[] packed = new byte[2 * SIZE];
		of(coefficients).packSigned(packed, 0);
		for (int i = 0; i < SIZE; i++) {
			int value = packed[2 * i] & 0xFF | packed[2 * i + 1] << 8;
			assertThat(value).isBetween(-1664, 1664);
			assertThat(Math.floorMod(value, MODULUS)).isEqualTo(coefficients[i]);
		}
		assertThat(Polynomial.unpackSigned(packed, 0).toArray()).isEqualTo(coefficients);
	}

	@Test
	void everyWordOfAStoredStateIsReduced() {
		for (int start = Short.MIN_VALUE; start < Short.MAX_VALUE; start += SIZE) {
			byte[] packed = new byte[2 * SIZE];
			int[] expected = new int[SIZE];
			for (int i = 0; i < SIZE; i++) {
				packed[2 * i] = (byte) (start + i);
				packed[2 * i + 1] = (byte) (start + i >> 8);
				expected[i] = Math.floorMod(start + i, MODULUS);
			}
			assertThat(Polynomial.unpackSigned(packed, 0).toArray()).isEqualTo(expected);
		}
	}

	@Test
	void aCoefficientFromTheModulusOnIsNotReduced() {
		int[] coefficients = new int[SIZE];
		coefficients[255] = MODULUS - 1;
		assertThat(of(coefficients).isReduced()).isTrue();
		coefficients[255] = MODULUS;
		assertThat(of(coefficients).isReduced()).isFalse();
	}

	@Test
	void anErasedPolynomialIsZero() {
		Polynomial polynomial = of(random(1));
		polynomial.erase();
		assertThat(polynomial.toArray()).containsOnly(0);
	}

	private static int[] random(long seed) {
		return new Random(seed).ints(SIZE, 0, MODULUS).toArray();
	}

	private static Polynomial of(int[] coefficients) {
		byte[] packed = new byte[384];
		for (int i = 0; i < SIZE; i += 2) {
			packed[i / 2 * 3] = (byte) coefficients[i];
			packed[i / 2 * 3 + 1] = (byte) (coefficients[i] >> 8 | coefficients[i + 1] << 4);
			packed[i / 2 * 3 + 2] = (byte) (coefficients[i + 1] >> 4);
		}
		return Polynomial.unpack12(packed, 0);
	}

	private static int[] productInTheRing(int[] a, int[] b) {
		int[] product = new int[SIZE];
		for (int i = 0; i < SIZE; i++) {
			for (int j = 0; j < SIZE; j++) {
				int sign = (i + j < SIZE) ? 1 : -1;
				int index = (i + j) % SIZE;
				product[index] = Math.floorMod(product[index] + sign * a[i] * b[j], MODULUS);
			}
		}
		return product;
	}

	private static int rounded(int value, int bits) {
		return (int) Math.floor((double) (value << bits) / MODULUS + 0.5) % (1 << bits);
	}

	private static int bits(byte[] packed, int width, int index) {
		int value = 0;
		for (int bit = 0; bit < width; bit++) {
			int position = index * width + bit;
			value |= (packed[position / 8] >> position % 8 & 1) << bit;
		}
		return value;
	}

}
