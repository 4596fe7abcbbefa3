package com.pacerelle.client.store;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot be opened, read or written. It is an {@link IllegalStateException}
 * because the session protocol expects one from
 * {@link com.pacerelle.signal.SignalStore#commit}.
 */
public class StoreException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what failed and what to do about it
	 * @param cause the cause
	 */
	public StoreException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
