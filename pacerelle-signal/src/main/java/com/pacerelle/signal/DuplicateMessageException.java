package com.pacerelle.signal;

/**
 * The message was decrypted before, or its key was given up because it is too old.
 */
public final class DuplicateMessageException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	DuplicateMessageException(String message) {
		super(message);
	}

}
