package com.pacerelle.signal;

/**
 * Bytes are not a message of a version that is spoken here.
 */
public final class MalformedMessageException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	MalformedMessageException(String message) {
		super(message);
	}

	MalformedMessageException(String message, Throwable cause) {
		super(message, cause);
	}

}
