package com.pacerelle.signal;

/**
 * A bundle has a key or a signature that is not valid.
 */
public final class InvalidBundleException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	InvalidBundleException(String message) {
		super(message);
	}

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 * @param cause what was thrown, without content and keys
	 */
	public InvalidBundleException(String message, Throwable cause) {
		super(message, cause);
	}

}
