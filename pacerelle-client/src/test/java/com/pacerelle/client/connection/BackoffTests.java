package com.pacerelle.client.connection;

import java.time.Duration;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	private static final Duration MIN = Duration.ofMillis(500);

	private static final Duration MAX = Duration.ofSeconds(30);

	@ParameterizedTest(name = "after {0} failed attempts with jitter {1}: {2} ms")
	@CsvSource({ "0, 0, 250", "0, 1, 500", "1, 1, 1000", "2, 0.5, 1500", "5, 1, 16000", "6, 1, 30000", "6, 0, 15000",
			"1000, 1, 30000", "2147483647, 0, 15000" })
	void pausesDoubleUpToTheLongestAndHalfOfEachIsRandom(int attempts, double jitter, long millis) {
		assertThat(Backoff.pause(attempts, MIN, MAX, jitter)).hasMillis(millis);
	}

	@Test
	void beginsAgainAfterAReset() {
		Backoff backoff = new Backoff(MIN, MAX, new SplittableRandom(1));
		for (int i = 0; i < 20; i++) {
			backoff.next();
		}
		assertThat(backoff.next()).isGreaterThanOrEqualTo(MAX.dividedBy(2));
		backoff.reset();
		assertThat(backoff.next()).isLessThanOrEqualTo(MIN);
	}

}
