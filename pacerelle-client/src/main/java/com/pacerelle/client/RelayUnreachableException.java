package com.pacerelle.client;

/**
 * The relay cannot be reached, or does not speak the protocol.
 */
public final class RelayUnreachableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which address, without the token, and what to do about it
	 * @param cause the cause, without the token
	 */
	public RelayUnreachableException(String message, Throwable cause) {
		super(message, cause);
	}

}
