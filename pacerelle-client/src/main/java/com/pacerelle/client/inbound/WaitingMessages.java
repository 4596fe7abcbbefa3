package com.pacerelle.client.inbound;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.wire.InboundMessage;

/**
 * The messages that wait in memory or are being handled. The relay delivers them again
 * after each reconnect; they keep their turn.
 */
public final class WaitingMessages {

	private final Map<String, MessageTask> tasks = new ConcurrentHashMap<>();

	/**
	 * Adds a message, unless it is here already. One that has the id of another one but
	 * says something else goes its own way: it could be forged, or the other one.
	 * @param message the message
	 * @param task its task
	 * @return whether it needs a turn
	 */
	boolean add(InboundMessage message, MessageTask task) {
		MessageTask before = this.tasks.putIfAbsent(message.id(), task);
		return before == null || !before.isOf(message);
	}

	/**
	 * Removes a message. Called before it is accepted: if it is delivered again
	 * meanwhile, the acknowledgement may have been lost with a connection.
	 * @param messageId the message
	 * @param task its task
	 */
	void remove(String messageId, MessageTask task) {
		this.tasks.remove(messageId, task);
	}

}
