package com.pacerelle.signal;

/**
 * The peer has another identity key than the one that was trusted on first use.
 */
public final class UntrustedIdentityException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public UntrustedIdentityException(String message) {
		super(message);
	}

}
