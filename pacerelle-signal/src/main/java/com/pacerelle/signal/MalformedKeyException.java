package com.pacerelle.signal;

/**
 * Bytes are not a key of the expected kind.
 */
public final class MalformedKeyException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	MalformedKeyException(String message) {
		super(message);
	}

}
