package com.pacerelle.dev;

/**
 * The agent sent something that gateway.md does not allow. The message names the place
 * and never holds content.
 */
final class ProtocolViolationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ProtocolViolationException(String message) {
		super(message);
	}

}
