package com.pacerelle.signal;

/**
 * The peer has another identity key than the one that was trusted on first use.
 */
public final class UntrustedIdentityException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	UntrustedIdentityException(String message) {
		super(message);
	}

}
