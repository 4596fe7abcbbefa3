package com.pacerelle.client.connection;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with jitter: pauses double up to a limit, and half of each is
 * random, so that the agents of a relay do not reconnect all at once.
 */
final class Backoff {

	private final Duration min;

	private final Duration max;

	private final RandomGenerator random;

	private int attempts;

	Backoff(Duration min, Duration max, RandomGenerator random) {
		this.min = min;
		this.max = max;
		this.random = random;
	}

	Duration next() {
		Duration pause = pause(this.attempts, this.min, this.max, this.random.nextDouble());
		this.attempts++;
		return pause;
	}

	void reset() {
		this.attempts = 0;
	}

	/**
	 * The pause after failed attempts:
	 * {@code min(max, min * 2^attempts) * (1 + jitter) / 2}.
	 * @param attempts how many attempts failed before the last one
	 * @param min the first pause, before jitter
	 * @param max the longest pause
	 * @param jitter a random number from 0 to 1
	 * @return the pause
	 */
	static Duration pause(int attempts, Duration min, Duration max, double jitter) {
		double full = Math.min(max.toNanos(), min.toNanos() * Math.pow(2, attempts));
		return Duration.ofNanos((long) (full * (0.5 + jitter / 2)));
	}

}
