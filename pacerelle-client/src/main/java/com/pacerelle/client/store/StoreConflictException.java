package com.pacerelle.client.store;

/**
 * A change contradicts what is stored, and none of its transaction was made.
 *
 * @see com.pacerelle.signal.SignalStore#commit
 */
public final class StoreConflictException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which record contradicts
	 */
	public StoreConflictException(String message) {
		super(message, null);
	}

}
