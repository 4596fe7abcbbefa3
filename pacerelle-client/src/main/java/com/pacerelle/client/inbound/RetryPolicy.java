package com.pacerelle.client.inbound;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.HandlingSettings;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.dispatch.Turn;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/**
 * Decides what happens to a message that could not be handled: it is tried again after a
 * pause, or set aside until it is delivered again after a reconnect or a restart.
 */
public final class RetryPolicy {

	private static final Logger logger = LoggerFactory.getLogger(RetryPolicy.class);

	private final HandlingSettings settings;

	private final Events events;

	private final Runnable storeFailureListener;

	/**
	 * Creates a policy.
	 * @param settings say how often and after what pause
	 * @param events notified of messages that are set aside
	 * @param storeFailureListener called when the store failed: it reconnects, so that
	 * the messages are delivered again
	 */
	public RetryPolicy(HandlingSettings settings, Events events, Runnable storeFailureListener) {
		this.settings = settings;
		this.events = events;
		this.storeFailureListener = storeFailureListener;
	}

	/**
	 * Ends the turn of a message that could not be handled.
	 * @param messageId the message
	 * @param conversationId its conversation
	 * @param turn its turn
	 * @param attempt which attempt it was, from 1
	 * @param thrown why
	 * @param end ends the turn
	 */
	void failed(String messageId, String conversationId, Turn turn, int attempt, Throwable thrown, Runnable end) {
		Throwable failure = Exceptions.unwrap(thrown);
		int attempts = this.settings.attempts();
		String id = PrintableId.of(messageId);
		if (failure instanceof NoHandlerException) {
			logger.warn("There is no handler for message {}: it stays unacknowledged and is delivered again", id);
		}
		else if (attempt < attempts) {
			logger.warn("Message {} could not be handled, attempt {} of {}: {}", id, attempt, attempts,
					Failures.describe(failure));
			turn.pause(this.settings.backoff().multipliedBy(1L << Math.min(attempt - 1, 20)));
			return;
		}
		else {
			logger.error(
					"Message {} could not be handled and is set aside: it stays unacknowledged, and is delivered again"
							+ " after a reconnect or a restart: {}",
					id, Failures.describe(failure));
		}
		this.events.publish(new GatewayEvent.HandlingFailed(messageId, conversationId, failure));
		// The turn is over before the message is delivered again.
		end.run();
		if (failure instanceof StoreException) {
			storeFailed();
		}
	}

	/**
	 * Has messages delivered again that the store could not commit.
	 */
	void storeFailed() {
		this.storeFailureListener.run();
	}

}
