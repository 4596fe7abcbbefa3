package com.pacerelle.signal;

import org.jspecify.annotations.Nullable;

/**
 * A provider cannot be used for the primitives of the protocol.
 */
public final class UnsuitableProviderException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	UnsuitableProviderException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
