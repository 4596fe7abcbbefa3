package com.pacerelle.client.inbound;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.dispatch.Task;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait in memory or are being handled. The relay delivers them again
 * after each reconnect; they keep their turn.
 */
public final class WaitingMessages {

	private final Map<String, Waiting> tasks = new ConcurrentHashMap<>();

	/**
	 * Adds a message, unless it is here already. One that has the id of another one but
	 * says something else goes its own way: it could be forged, or the other one.
	 * @param message the message
	 * @param task its task
	 * @return the task that it has already, or {@code null} if it needs a turn
	 */
	@Nullable Waiting add(InboundMessage message, Waiting task) {
		Waiting before = this.tasks.putIfAbsent(message.id(), task);
		return (before != null && before.isOf(message)) ? before : null;
	}

	/**
	 * Adds a message that comes from the store.
	 * @param messageId the message
	 * @param task its task
	 * @return whether it was not here yet
	 */
	boolean add(String messageId, Waiting task) {
		return this.tasks.putIfAbsent(messageId, task) == null;
	}

	/**
	 * Removes a message. Called before it is accepted: if it is delivered again
	 * meanwhile, the acknowledgement may have been lost with a connection.
	 * @param messageId the message
	 * @param task its task
	 */
	void remove(String messageId, Waiting task) {
		this.tasks.remove(messageId, task);
	}

	int size() {
		return this.tasks.size();
	}

	/**
	 * The task of a message that waits.
	 */
	interface Waiting extends Task {

		/**
		 * Whether this is the task of a message.
		 * @param other a message with the same id
		 * @return whether it says the same
		 */
		boolean isOf(InboundMessage other);

	}

}
