package com.pacerelle.signal.spqr;

import java.util.Arrays;

/**
 * What is kept between the two steps of an encapsulation: the transformed secret vector,
 * the noise of the second ciphertext part and the message, packed the way they are stored
 * ({@code es} in spqr.md appendix A). All of it is secret.
 */
final class EncapsulationState {

	static final int SIZE = 2080;

	private static final int POLYNOMIAL_SIZE = 2 * Polynomial.SIZE;

	private static final int NOISE = IncrementalMlKem768.RANK * POLYNOMIAL_SIZE;

	private static final int MESSAGE = NOISE + POLYNOMIAL_SIZE;

	private final byte[] packed;

	private EncapsulationState(byte[] packed) {
		this.packed = packed;
	}

	static EncapsulationState of(Polynomial[] secretVector, Polynomial noise, byte[] message) {
		byte[] packed = new byte[SIZE];
		for (int j = 0; j < secretVector.length; j++) {
			secretVector[j].packSigned(packed, j * POLYNOMIAL_SIZE);
		}
		noise.packSigned(packed, NOISE);
		System.arraycopy(message, 0, packed, MESSAGE, message.length);
		return new EncapsulationState(packed);
	}

	/**
	 * Takes over a stored state. Some native builds have stored the words big endian;
	 * this is recognised and repaired.
	 * @param packed 2080 bytes, not to be changed any more
	 * @return the state
	 */
	static EncapsulationState ofStored(byte[] packed) {
		StoredState.check(packed.length == SIZE, "encapsulation");
		if (isBigEndian(packed)) {
			for (int i = 0; i < MESSAGE; i += 2) {
				byte first = packed[i];
				packed[i] = packed[i + 1];
				packed[i + 1] = first;
			}
		}
		return new EncapsulationState(packed);
	}

	Polynomial secretVector(int index) {
		return Polynomial.unpackSigned(this.packed, index * POLYNOMIAL_SIZE);
	}

	Polynomial noise() {
		return Polynomial.unpackSigned(this.packed, NOISE);
	}

	byte[] message() {
		return Arrays.copyOfRange(this.packed, MESSAGE, SIZE);
	}

	/**
	 * The state as it is stored.
	 * @return 2080 bytes, not to be changed
	 */
	byte[] packed() {
		return this.packed;
	}

	/**
	 * The first word of the noise that tells the orders apart decides: 1, 2 or -2, but
	 * not 0 or -1. All words are visited and none is branched on, as they are secret.
	 */
	private static boolean isBigEndian(byte[] packed) {
		int swapped = 0;
		int undecided = -1;
		for (int i = NOISE; i < MESSAGE; i += 2) {
			int word = packed[i] & 0xFF | (packed[i + 1] & 0xFF) << 8;
			swapped |= undecided & (equal(word, 0x0100) | equal(word, 0x0200) | equal(word, 0xFEFF));
			undecided &= equal(word, 0) | equal(word, 0xFFFF);
		}
		return swapped != 0;
	}

	/** All bits set if the words are equal, else none. */
	private static int equal(int a, int b) {
		return (a ^ b) - 1 >> 31;
	}

}
