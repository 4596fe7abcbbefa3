package com.pacerelle.spring.boot.autoconfigure;

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

	String getAction() {
		return this.action;
	}

}
