package com.pacerelle.client;

import java.util.List;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;

/**
 * Decides what becomes of a message that cannot be handled: after the last attempt, or at
 * once when no other attempt can help. The message is accepted in any case, so that it
 * ends.
 */
@FunctionalInterface
public interface MessageRecoverer {

	/**
	 * Decides about a message. May block. If it fails itself, the message becomes a dead
	 * letter, and the person is not told.
	 * @param message the message
	 * @param failure why it cannot be handled
	 * @return what becomes of it
	 */
	Recovery recover(AgentMessage message, Throwable failure);

	/**
	 * Decides about a message, and may send something in its conversation meanwhile.
	 * @param message the message
	 * @param conversation where the message came from: what is sent there refers to the
	 * message
	 * @param failure why it cannot be handled
	 * @return what becomes of it
	 */
	default Recovery recover(AgentMessage message, Conversation conversation, Throwable failure) {
		return recover(message, failure);
	}

	/**
	 * What becomes of a message.
	 *
	 * @param kept whether it is kept as a dead letter
	 * @param replies what the person reads
	 */
	record Recovery(boolean kept, List<Content> replies) {

		/**
		 * Copies the replies.
		 */
		public Recovery {
			replies = List.copyOf(replies);
		}

		/**
		 * The message is kept, to be handled again or discarded later.
		 * @param replies what the person reads
		 * @return the decision
		 */
		public static Recovery deadLetter(Content... replies) {
			return new Recovery(true, List.of(replies));
		}

		/**
		 * The message is not kept.
		 * @param replies what the person reads
		 * @return the decision
		 */
		public static Recovery discard(Content... replies) {
			return new Recovery(false, List.of(replies));
		}

	}

}
