package com.pacerelle.client.store;

/**
 * The state of the agent was moved to another store, and this one must not be used any
 * more: an agent that goes on from both would use message keys twice.
 */
public final class StoreMovedException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message where the state is now and what to do about it
	 */
	public StoreMovedException(String message) {
		super(message, null);
	}

}
