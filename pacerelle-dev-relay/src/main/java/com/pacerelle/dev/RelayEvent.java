package com.pacerelle.dev;

import org.jspecify.annotations.Nullable;

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

	/**
	 * A person has sent or received a message.
	 *
	 * @param person the person
	 * @param fromAgent whether the agent sent it
	 * @param id its id
	 * @param text the decrypted payload
	 * @param replyToMessageId the message that it answers, or {@code null}
	 * @param ciphertextSize the size of the encrypted payload, in bytes
	 */
	record MessageExchanged(Person person, boolean fromAgent, String id, String text, @Nullable String replyToMessageId,
			int ciphertextSize) implements RelayEvent {

		@Override
		public String toString() {
			return "MessageExchanged[id=" + this.id + ", fromAgent=" + this.fromAgent + "]";
		}

	}

}
