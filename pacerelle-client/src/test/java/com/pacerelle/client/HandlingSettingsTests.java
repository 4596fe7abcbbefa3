package com.pacerelle.client;

import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HandlingSettingsTests {

	@Test
	void numbersAndTimesOutOfRangeAreRefusedByName() {
		assertRefused("concurrency", (settings) -> settings.concurrency(0));
		assertRefused("queueCapacity", (settings) -> settings.queueCapacity(0));
		assertRefused("attempts", (settings) -> settings.attempts(0));
		assertRefused("backoff", (settings) -> settings.backoff(Duration.ofMillis(-1)));
		assertRefused("timeout", (settings) -> settings.timeout(Duration.ofMillis(-1)));
	}

	private static void assertRefused(String name, UnaryOperator<HandlingSettings.Builder> change) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> change.apply(new HandlingSettings.Builder()).build())
			.withMessageStartingWith("'handling." + name + "' must")
			.satisfies((failure) -> assertThat(failure.setting()).isEqualTo("handling." + name));
	}

}
