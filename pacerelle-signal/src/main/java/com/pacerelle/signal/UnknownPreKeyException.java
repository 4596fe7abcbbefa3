package com.pacerelle.signal;

/**
 * The message was made for a prekey that does not exist here or was used already.
 */
public final class UnknownPreKeyException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public UnknownPreKeyException(String message) {
		super(message);
	}

}
