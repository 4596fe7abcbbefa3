package com.pacerelle.client;

/**
 * Too many messages wait until there is a connection: nothing of the new one was sent.
 */
public final class OutboxFullException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param waiting how many messages wait
	 */
	public OutboxFullException(int waiting) {
		super(waiting + " messages wait until the relay has read them: send again when the agent is connected");
	}

}
