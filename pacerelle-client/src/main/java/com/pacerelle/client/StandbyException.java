package com.pacerelle.client;

/**
 * The agent runs in another process, and this one is a standby: it can neither send nor
 * read what the agent has stored. Nothing was done. Ask the process that is named, or
 * again once this one has taken over.
 */
public final class StandbyException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message where the agent runs, as far as it is known
	 */
	public StandbyException(String message) {
		super(message);
	}

}
