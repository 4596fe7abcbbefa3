package com.pacerelle.spring.connect;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RenewalTests {

	private final Renewal renewal = new Renewal(Duration.ofMinutes(5), Duration.ofSeconds(1), Duration.ofSeconds(30),
			Duration.ofMinutes(2));

	@ParameterizedTest(name = "token of {0} with jitter {1}: after {2}")
	@CsvSource({ "PT1H, 0, PT55M", "PT1H, 1, PT49M30S", "PT1H, 0.5, PT52M15S", "PT8M, 0, PT4M", "PT1S, 0, PT0.5S",
			"PT1S, 1, PT0.45S" })
	void tokenIsRenewedBeforeItsEndButNotBeforeItsHalf(Duration expiresIn, double jitter, Duration after) {
		assertThat(this.renewal.after(expiresIn, jitter)).isEqualTo(after);
	}

	@ParameterizedTest(name = "renewed {0} ago: after {1}")
	@CsvSource({ "PT0S, PT2M", "PT30S, PT1M30S", "PT2M, PT0S", "PT10H, PT0S" })
	void refusedTokenIsRenewedAtOnceButNotAgainAndAgain(Duration renewedFor, Duration after) {
		assertThat(this.renewal.afterRefusal(renewedFor)).isEqualTo(after);
	}

}
