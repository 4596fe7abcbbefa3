package com.pacerelle.signal.spqr;

import java.util.Arrays;

import org.bouncycastle.crypto.digests.SHAKEDigest;

/**
 * A polynomial of ML-KEM's ring Z_3329[x] / (x^256 + 1), or its number theoretic
 * transform (FIPS 203, sections 4.2 and 4.3). Mutable. Apart from {@link #uniform}, which
 * works on public data, neither the time nor the memory accesses depend on the
 * coefficients. It is long because all that reads or writes the coefficients is here:
 * sampling, packing, compression and the transform share one array and its reductions.
 */
final class Polynomial {

	static final int SIZE = 256;

	static final int MODULUS = 3329;

	/** 2^32 / 3329, rounded down. */
	private static final long RECIPROCAL = 1_290_167;

	/** 1/128 modulo 3329. */
	private static final int INVERSE_SCALE = 3303;

	/**
	 * The powers of 17, which is a 256th root of unity, by their bit-reversed exponents.
	 */
	private static final int[] ZETAS = zetas();

	/** Residues from 0 to 3328. */
	private final int[] coefficients = new int[SIZE];

	/**
	 * Samples an entry of the public matrix, in the transformed domain.
	 * @param seed 32 public bytes
	 * @param first the first index that the XOF takes
	 * @param second the second index that the XOF takes
	 * @return the transformed polynomial
	 */
	static Polynomial uniform(byte[] seed, int first, int second) {
		SHAKEDigest xof = new SHAKEDigest(128);
		xof.update(seed, 0, seed.length);
		xof.update((byte) first);
		xof.update((byte) second);
		byte[] block = new byte[xof.getByteLength()];
		Polynomial polynomial = new Polynomial();
		int count = 0;
		while (count < SIZE) {
			xof.doOutput(block, 0, block.length);
			for (int i = 0; i < block.length; i += 3) {
				int low = block[i] & 0xFF | (block[i + 1] & 0xF) << 8;
				int high = (block[i + 1] & 0xFF) >> 4 | (block[i + 2] & 0xFF) << 4;
				if (low < MODULUS && count < SIZE) {
					polynomial.coefficients[count++] = low;
				}
				if (high < MODULUS && count < SIZE) {
					polynomial.coefficients[count++] = high;
				}
			}
		}
		return polynomial;
	}

	/**
	 * Samples a small secret polynomial from the centred binomial distribution with eta
	 * 2.
	 * @param seed 32 secret bytes
	 * @param nonce the number of the sample
	 * @return the polynomial
	 */
	static Polynomial noise(byte[] seed, int nonce) {
		SHAKEDigest prf = new SHAKEDigest(256);
		prf.update(seed, 0, seed.length);
		prf.update((byte) nonce);
		byte[] bits = new byte[SIZE / 2];
		prf.doFinal(bits, 0, bits.length);
		Polynomial polynomial = new Polynomial();
		for (int i = 0; i < SIZE; i++) {
			int four = bits[i / 2] >> 4 * (i % 2);
			int value = (four & 1) + (four >> 1 & 1) - (four >> 2 & 1) - (four >> 3 & 1);
			polynomial.coefficients[i] = addModulusIfNegative(value);
		}
		Arrays.fill(bits, (byte) 0);
		return polynomial;
	}

	/**
	 * The polynomial whose coefficients are 1665, the rounded half of the modulus, where
	 * a bit of the message is set.
	 * @param message 32 secret bytes
	 * @return the polynomial
	 */
	static Polynomial ofMessage(byte[] message) {
		Polynomial polynomial = new Polynomial();
		for (int i = 0; i < SIZE; i++) {
			polynomial.coefficients[i] = (message[i / 8] >> i % 8 & 1) * ((MODULUS + 1) / 2);
		}
		return polynomial;
	}

	/**
	 * Unpacks a public polynomial of 12-bit coefficients.
	 * @param packed the array that holds it
	 * @param offset the index of its first byte
	 * @return the polynomial, whose coefficients may exceed the modulus
	 */
	static Polynomial unpack12(byte[] packed, int offset) {
		Polynomial polynomial = new Polynomial();
		for (int i = 0; i < SIZE; i += 2) {
			int from = offset + i / 2 * 3;
			int middle = packed[from + 1] & 0xFF;
			polynomial.coefficients[i] = packed[from] & 0xFF | (middle & 0xF) << 8;
			polynomial.coefficients[i + 1] = middle >> 4 | (packed[from + 2] & 0xFF) << 4;
		}
		return polynomial;
	}

	/**
	 * Reads signed 16-bit little endian coefficients.
	 * @param packed the array that holds them
	 * @param offset the index of the first byte
	 * @return the polynomial
	 */
	static Polynomial unpackSigned(byte[] packed, int offset) {
		Polynomial polynomial = new Polynomial();
		for (int i = 0; i < SIZE; i++) {
			int value = packed[offset + 2 * i] & 0xFF | packed[offset + 2 * i + 1] << 8;
			polynomial.coefficients[i] = reduce(value + 10 * MODULUS);
		}
		return polynomial;
	}

	/**
	 * Writes the coefficients as signed 16-bit little endian residues from -1664 to 1664.
	 * @param target the array to write to
	 * @param offset the index of the first byte
	 */
	void packSigned(byte[] target, int offset) {
		for (int i = 0; i < SIZE; i++) {
			int value = this.coefficients[i] - (MODULUS & (MODULUS / 2 - this.coefficients[i]) >> 31);
			target[offset + 2 * i] = (byte) value;
			target[offset + 2 * i + 1] = (byte) (value >> 8);
		}
	}

	/**
	 * Compresses the coefficients to 10 bits and packs them.
	 * @param target the array to write 320 bytes to
	 * @param offset the index of the first byte
	 */
	void compress10(byte[] target, int offset) {
		int to = offset;
		for (int i = 0; i < SIZE; i += 4) {
			long four = compressed10(i) | compressed10(i + 1) << 10 | compressed10(i + 2) << 20
					| compressed10(i + 3) << 30;
			for (int shift = 0; shift < 40; shift += 8) {
				target[to++] = (byte) (four >> shift);
			}
		}
	}

	/**
	 * Compresses the coefficients to 4 bits and packs them.
	 * @return 128 bytes
	 */
	byte[] compress4() {
		byte[] packed = new byte[SIZE / 2];
		for (int i = 0; i < packed.length; i++) {
			packed[i] = (byte) (compressed4(2 * i) | compressed4(2 * i + 1) << 4);
		}
		return packed;
	}

	boolean isReduced() {
		return Arrays.stream(this.coefficients).allMatch((coefficient) -> coefficient < MODULUS);
	}

	void transform() {
		int[] f = this.coefficients;
		int zeta = 1;
		for (int length = SIZE / 2; length >= 2; length /= 2) {
			for (int start = 0; start < SIZE; start += 2 * length) {
				for (int j = start; j < start + length; j++) {
					int product = reduce(ZETAS[zeta] * f[j + length]);
					f[j + length] = addModulusIfNegative(f[j] - product);
					f[j] = addModulusIfNegative(f[j] + product - MODULUS);
				}
				zeta++;
			}
		}
	}

	void transformBack() {
		int[] f = this.coefficients;
		int zeta = SIZE / 2 - 1;
		for (int length = 2; length <= SIZE / 2; length *= 2) {
			for (int start = 0; start < SIZE; start += 2 * length) {
				for (int j = start; j < start + length; j++) {
					int sum = f[j] + f[j + length];
					f[j + length] = reduce(ZETAS[zeta] * (f[j + length] - f[j] + MODULUS));
					f[j] = addModulusIfNegative(sum - MODULUS);
				}
				zeta--;
			}
		}
		for (int i = 0; i < SIZE; i++) {
			f[i] = reduce(f[i] * INVERSE_SCALE);
		}
	}

	void add(Polynomial summand) {
		for (int i = 0; i < SIZE; i++) {
			int sum = this.coefficients[i] + summand.coefficients[i];
			this.coefficients[i] = addModulusIfNegative(sum - MODULUS);
		}
	}

	/**
	 * Adds a product of transformed polynomials.
	 * @param a the one factor
	 * @param b the other factor
	 */
	void addProduct(Polynomial a, Polynomial b) {
		for (int i = 0; i < SIZE; i += 2) {
			// The square of the block's root; every other block has its negative.
			int root = ZETAS[SIZE / 4 + i / 4];
			int gamma = (i % 4 == 0) ? root : MODULUS - root;
			int a0 = a.coefficients[i];
			int a1 = a.coefficients[i + 1];
			int b0 = b.coefficients[i];
			int b1 = b.coefficients[i + 1];
			this.coefficients[i] = reduce(this.coefficients[i] + a0 * b0 + reduce(a1 * b1) * gamma);
			this.coefficients[i + 1] = reduce(this.coefficients[i + 1] + a0 * b1 + a1 * b0);
		}
	}

	int[] toArray() {
		return this.coefficients.clone();
	}

	void erase() {
		Arrays.fill(this.coefficients, 0);
	}

	/** A division would take a time that depends on the secret dividend. */
	private static int reduce(int nonNegative) {
		int quotient = (int) (nonNegative * RECIPROCAL >>> 32);
		return addModulusIfNegative(nonNegative - quotient * MODULUS - MODULUS);
	}

	private static int addModulusIfNegative(int value) {
		return value + (MODULUS & value >> 31);
	}

	private long compressed10(int i) {
		return (1024 * this.coefficients[i] + 1665) * RECIPROCAL >> 32 & 0x3FF;
	}

	private int compressed4(int i) {
		return (int) ((16 * this.coefficients[i] + 1665) * 80_635L >> 28 & 0xF);
	}

	private static int[] zetas() {
		int[] zetas = new int[SIZE / 2];
		int power = 1;
		for (int exponent = 0; exponent < zetas.length; exponent++) {
			zetas[Integer.reverse(exponent) >>> 25] = power;
			power = power * 17 % MODULUS;
		}
		return zetas;
	}

}
