package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The agent's configuration is missing something or contradicts itself. Holds no values
 * of properties: they may be secret.
 */
final class PacerelleConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	PacerelleConfigurationException(String message, String action) {
		this(message, action, null);
	}

	PacerelleConfigurationException(String message, String action, @Nullable Throwable cause) {
		super(message, cause);
		this.action = action;
	}

	/**
	 * The value of a property is not valid.
	 * @param property what the property is called in the application's configuration
	 * @param reason the rest of a sentence that begins with the property
	 * @return the exception
	 */
	static PacerelleConfigurationException invalid(String property, String reason) {
		return new PacerelleConfigurationException(property + " " + reason + ".",
				"Correct the property, or remove it to use its default.");
	}

	static Duration requirePositive(String property, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw invalid("'" + property + "'", "must be longer than zero");
		}
		return value;
	}

	static Duration requireNotNegative(String property, Duration value) {
		if (value.isNegative()) {
			throw invalid("'" + property + "'", "must not be negative");
		}
		return value;
	}

	String getAction() {
		return this.action;
	}

}
