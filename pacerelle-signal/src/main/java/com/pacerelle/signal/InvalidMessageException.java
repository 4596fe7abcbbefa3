package com.pacerelle.signal;

/**
 * The message is forged, damaged or for another session.
 */
public final class InvalidMessageException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public InvalidMessageException(String message) {
		super(message);
	}

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 * @param cause what was thrown, without content and keys
	 */
	public InvalidMessageException(String message, Throwable cause) {
		super(message, cause);
	}

}
