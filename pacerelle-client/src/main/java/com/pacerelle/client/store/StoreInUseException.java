package com.pacerelle.client.store;

/**
 * Another process, or another client in this one, uses the store of the same agent.
 */
public final class StoreInUseException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which directory is in use and what to do about it
	 */
	public StoreInUseException(String message) {
		super(message, null);
	}

}
