package com.pacerelle.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A file could not be transferred to or from the relay; another attempt may succeed. The
 * message has no name, no address and no content.
 */
public final class FileTransferException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what went wrong
	 * @param cause the cause, or {@code null}
	 */
	public FileTransferException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
