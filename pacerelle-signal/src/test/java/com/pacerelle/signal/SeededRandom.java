package com.pacerelle.signal;

import java.security.SecureRandom;
import java.util.Random;

/**
 * A random source that a seed determines, so that a failure can be repeated.
 */
public final class SeededRandom extends SecureRandom {

	private static final long serialVersionUID = 1L;

	private final Random random;

	/**
	 * Starts from a seed.
	 * @param seed the seed
	 */
	public SeededRandom(long seed) {
		this.random = new Random(seed);
	}

	@Override
	public void nextBytes(byte[] bytes) {
		this.random.nextBytes(bytes);
	}

}
