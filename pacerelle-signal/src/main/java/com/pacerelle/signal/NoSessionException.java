package com.pacerelle.signal;

/**
 * There is no session with the peer.
 */
public final class NoSessionException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public NoSessionException(String message) {
		super(message);
	}

}
