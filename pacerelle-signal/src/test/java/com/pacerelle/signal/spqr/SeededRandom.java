package com.pacerelle.signal.spqr;

import java.security.SecureRandom;
import java.util.Random;

/**
 * A random source that a failed test can be repeated with.
 */
final class SeededRandom extends SecureRandom {

	private static final long serialVersionUID = 1L;

	private final Random random;

	SeededRandom(long seed) {
		this.random = new Random(seed);
	}

	@Override
	public void nextBytes(byte[] bytes) {
		this.random.nextBytes(bytes);
	}

}
