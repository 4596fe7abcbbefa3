package com.pacerelle.signal;

/**
 * Whether the message is genuine would cost more to find out than the caller allows.
 */
public final class MessageDeferredException extends SignalProtocolException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message the reason, without content and keys
	 */
	public MessageDeferredException(String message) {
		super(message);
	}

}
