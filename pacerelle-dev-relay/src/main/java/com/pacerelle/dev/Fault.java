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
	DELAY

}
