package com.pacerelle.client;

/**
 * The client has stopped, or stops before it is done with what it was asked for: nothing
 * was sent, or nobody knows any more.
 */
public final class ClientStoppedException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 */
	public ClientStoppedException() {
		super("The client was stopped");
	}

}
