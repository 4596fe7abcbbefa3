package com.pacerelle.client.store;

/**
 * The store is of an old backup: the agent has gone on since, and would use message keys
 * twice.
 */
public final class StoreOutdatedException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which store it is and what to do about it
	 */
	public StoreOutdatedException(String message) {
		super(message, null);
	}

}
