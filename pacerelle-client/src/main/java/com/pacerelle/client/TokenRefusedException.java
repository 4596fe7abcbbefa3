package com.pacerelle.client;

/**
 * The relay refused the agent's token.
 */
public final class TokenRefusedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what to do about it; never the token
	 */
	public TokenRefusedException(String message) {
		super(message);
	}

}
