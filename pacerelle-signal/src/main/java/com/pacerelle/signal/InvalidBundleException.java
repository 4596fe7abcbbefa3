package com.pacerelle.signal;

/**
 * A bundle has a key or a signature that is not valid.
 */
public final class InvalidBundleException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	InvalidBundleException(String message) {
		super(message);
	}

	InvalidBundleException(String message, Throwable cause) {
		super(message, cause);
	}

}
