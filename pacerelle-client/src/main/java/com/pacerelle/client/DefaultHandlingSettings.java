package com.pacerelle.client;

import java.time.Duration;
import java.util.Set;

/**
 * Checks the settings of how messages are handled. Not public, so that more can be added.
 */
record DefaultHandlingSettings(int concurrency, int queueCapacity, int attempts, Duration backoff,
		Set<Class<? extends Throwable>> noRetryFor, int maxDeadLetters, Duration deadLetterRetention,
		boolean logExceptionMessages, Duration timeout, boolean virtualThreads,
		NewDevicePolicy newDevice) implements HandlingSettings {

	DefaultHandlingSettings {
		requireAtLeastOne("concurrency", concurrency);
		requireAtLeastOne("queueCapacity", queueCapacity);
		requireAtLeastOne("attempts", attempts);
		requireNotNegative("backoff", backoff);
		requireNotNegative("timeout", timeout);
		InvalidSettingException.require(maxDeadLetters >= 0, "handling.maxDeadLetters", "must not be negative");
		requireNotNegative("deadLetterRetention", deadLetterRetention);
		noRetryFor = Set.copyOf(noRetryFor);
	}

	private static void requireAtLeastOne(String name, int value) {
		InvalidSettingException.require(value >= 1, "handling." + name, "must be at least 1");
	}

	private static void requireNotNegative(String name, Duration value) {
		InvalidSettingException.require(!value.isNegative(), "handling." + name, "must not be negative");
	}

}
