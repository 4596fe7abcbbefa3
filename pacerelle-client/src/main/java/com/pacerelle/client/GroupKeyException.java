package com.pacerelle.client;

import org.jspecify.annotations.Nullable;

/**
 * There is no key to read or write a group with (gateway.md section 7): no member has
 * given the agent one, or the relay cannot be asked for it. Nothing was sent.
 */
public final class GroupKeyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	public GroupKeyException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
