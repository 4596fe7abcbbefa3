package com.pacerelle.client.store;

import org.jspecify.annotations.Nullable;

/**
 * The store of another implementation cannot be imported. Nothing was changed in either
 * store.
 */
public class StoreImportException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what failed and what to do about it
	 * @param cause the cause
	 */
	public StoreImportException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
