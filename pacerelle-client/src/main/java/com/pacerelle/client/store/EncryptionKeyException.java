package com.pacerelle.client.store;

import org.jspecify.annotations.Nullable;

/**
 * A store is sealed, and the key that it needs is not there or is not the right one.
 * Nothing was written.
 */
public final class EncryptionKeyException extends StoreException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which store needs which key, by its id
	 * @param cause the cause
	 */
	public EncryptionKeyException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
