package com.pacerelle.dev;

/**
 * What can happen to a message of a person on its way to the agent.
 *
 * @see DevRelay#failNext(Fault)
 */
public enum Fault {

	/** It gets lost, and is delivered at the agent's next connection only. */
	DROP,

	/** It is delivered twice. */
	DUPLICATE,

	/** It is delivered two seconds later, after those that are sent in the meantime. */
	DELAY,

	/** It is delivered after the next message, or at the agent's next connection. */
	REORDER,

	/**
	 * Its ciphertext is damaged. It is delivered intact at the agent's next connection
	 * unless the agent has acknowledged it.
	 */
	CORRUPT

}
