package com.pacerelle.signal;

/**
 * The message is forged, damaged or for another session.
 */
public final class InvalidMessageException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	InvalidMessageException(String message) {
		super(message);
	}

	InvalidMessageException(String message, Throwable cause) {
		super(message, cause);
	}

}
