package com.pacerelle.client.http;

/**
 * The relay answered a request with a status that is not successful.
 */
public final class HttpStatusException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int status;

	public HttpStatusException(int status) {
		super("HTTP status " + status);
		this.status = status;
	}

	public int status() {
		return this.status;
	}

}
