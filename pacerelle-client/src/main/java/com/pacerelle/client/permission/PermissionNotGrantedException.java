package com.pacerelle.client.permission;

import com.pacerelle.client.message.NotRetryable;

/**
 * An operation that no grant allows. It was not begun.
 */
public final class PermissionNotGrantedException extends RuntimeException implements NotRetryable {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message why, and what to do about it, without the resource and parameters
	 */
	public PermissionNotGrantedException(String message) {
		super(message);
	}

}
