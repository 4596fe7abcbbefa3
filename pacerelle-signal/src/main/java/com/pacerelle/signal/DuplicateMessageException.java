package com.pacerelle.signal;

/**
 * The message was decrypted before, or its key was discarded because it is too old.
 */
public final class DuplicateMessageException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public DuplicateMessageException(String message) {
		super(message);
	}

}
