package com.pacerelle.client;

import com.pacerelle.client.message.NotRetryable;

/**
 * There is no handler for a message: it is a dead letter at once, until the application
 * has one (gateway.md section 4.1, step 5).
 */
public final class NoHandlerException extends RuntimeException implements NotRetryable {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what is missing
	 */
	public NoHandlerException(String message) {
		super(message);
	}

}
