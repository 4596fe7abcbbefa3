package com.pacerelle.signal;

/**
 * The peer never answered on this session, and it is older than 30 days: start a new one
 * from a new bundle.
 */
public final class StaleSessionException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public StaleSessionException(String message) {
		super(message);
	}

}
