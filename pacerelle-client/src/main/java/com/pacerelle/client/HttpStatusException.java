package com.pacerelle.client;

/**
 * The relay answered a request with a status that is not successful.
 */
final class HttpStatusException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	HttpStatusException(int status) {
		super("HTTP status " + status);
		this.status = status;
	}

	int status() {
		return this.status;
	}

}
