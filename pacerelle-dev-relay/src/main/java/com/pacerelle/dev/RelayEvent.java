package com.pacerelle.dev;

/**
 * Something that changes what the page or the console shows.
 */
sealed interface RelayEvent {

	/** The agent published its keys. */
	record AgentPublished() implements RelayEvent {
	}

	/** A connection of the agent opened. */
	record AgentConnected() implements RelayEvent {
	}

	/** A connection of the agent ended. */
	record AgentDisconnected() implements RelayEvent {
	}

	/**
	 * The agent has taken responsibility for a message.
	 *
	 * @param messageId the message
	 */
	record MessageAcknowledged(String messageId) implements RelayEvent {
	}

}
