package com.pacerelle.client;

/**
 * There is no handler for a message: it stays pending and unacknowledged (gateway.md
 * section 4.1, step 5).
 */
public final class NoHandlerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what is missing
	 */
	public NoHandlerException(String message) {
		super(message);
	}

}
