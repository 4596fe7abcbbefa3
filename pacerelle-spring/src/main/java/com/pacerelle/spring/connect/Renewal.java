package com.pacerelle.spring.connect;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * When runtime tokens are renewed.
 *
 * @param before how long before its end a token is renewed; half of its life if that is
 * less
 * @param minBackoff the first pause after a request for a token failed
 * @param maxBackoff the longest pause
 * @param refusedBackoff how long after a renewal a refused token is renewed again
 */
public record Renewal(Duration before, Duration minBackoff, Duration maxBackoff, Duration refusedBackoff) {

	private static final double SPREAD = 0.1;

	/**
	 * Checks the times.
	 */
	public Renewal {
		Assert.isTrue(!before.isNegative(), "'before' must not be negative");
		Assert.isTrue(!minBackoff.isNegative() && !minBackoff.isZero(), "'minBackoff' must be longer than zero");
		Assert.isTrue(maxBackoff.compareTo(minBackoff) >= 0, "'maxBackoff' must not be shorter than 'minBackoff'");
		Assert.isTrue(!refusedBackoff.isNegative() && !refusedBackoff.isZero(),
				"'refusedBackoff' must be longer than zero");
	}

	/**
	 * How long a token is used before it is renewed. Up to a tenth of that is random, so
	 * that the agents of an application do not ask all at once.
	 * @param expiresIn how long it counts
	 * @param jitter a random number from 0 to 1
	 * @return the pause
	 */
	Duration after(Duration expiresIn, double jitter) {
		Duration half = expiresIn.dividedBy(2);
		Duration latest = expiresIn.minus((this.before.compareTo(half) < 0) ? this.before : half);
		return Duration.ofMillis((long) (latest.toMillis() * (1 - SPREAD * jitter)));
	}

	/**
	 * How long a refused token waits for its renewal.
	 * @param renewedFor how long ago the last renewal was
	 * @return the pause, zero if it was long ago
	 */
	Duration afterRefusal(Duration renewedFor) {
		Duration rest = this.refusedBackoff.minus(renewedFor);
		return rest.isNegative() ? Duration.ZERO : rest;
	}

}
