package com.pacerelle.signal;

/**
 * Bytes are not a message of a supported version.
 */
public final class MalformedMessageException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public MalformedMessageException(String message) {
		super(message);
	}

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 * @param cause what was thrown, without content and keys
	 */
	public MalformedMessageException(String message, Throwable cause) {
		super(message, cause);
	}

}
