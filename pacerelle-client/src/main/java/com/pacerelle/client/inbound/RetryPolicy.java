package com.pacerelle.client.inbound;

import java.time.Duration;
import java.util.List;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.HandlingSettings;
import com.pacerelle.client.MessageRecoverer;
import com.pacerelle.client.MessageRecoverer.Recovery;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.NotRetryable;
import com.pacerelle.client.message.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how often a message is tried, after which pauses, and what becomes of it when no
 * attempt helps. Reports failures.
 */
public final class RetryPolicy {

	private static final Logger logger = LoggerFactory.getLogger(RetryPolicy.class);

	private static final Duration MAX_STORE_PAUSE = Duration.ofSeconds(10);

	private static final int MAX_DOUBLINGS = 20;

	private final HandlingSettings settings;

	private final AgentMessageHandler handler;

	private final Events events;

	/**
	 * Creates a policy.
	 * @param settings say how often and after what pause
	 * @param handler has settings of its own for some messages
	 * @param events notified of messages that cannot be handled
	 */
	public RetryPolicy(HandlingSettings settings, AgentMessageHandler handler, Events events) {
		this.settings = settings;
		this.handler = handler;
		this.events = events;
	}

	RetrySettings settings(AgentMessage message) {
		return this.handler.retryFor(message, this.settings.retry());
	}

	/**
	 * Whether the relay is the cause: another attempt may help, whenever it is.
	 */
	static boolean isOfRelay(Throwable failure) {
		return failure instanceof GroupKeyException || failure instanceof FileTransferException;
	}

	/**
	 * Whether no other attempt can help.
	 */
	static boolean isFinal(Throwable failure, RetrySettings retry) {
		return failure instanceof NotRetryable
				|| retry.noRetryFor().stream().anyMatch((type) -> type.isInstance(failure));
	}

	Duration pause(RetrySettings retry, int attempt) {
		return retry.backoff().multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
	}

	/**
	 * The pause after a failure of the store. It concerns all messages, so that nothing
	 * is lost when the later ones of the conversation wait as well.
	 */
	Duration storePause(int failures) {
		Duration pause = this.settings.retry().backoff().multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
		return (pause.compareTo(MAX_STORE_PAUSE) < 0) ? pause : MAX_STORE_PAUSE;
	}

	/**
	 * Asks the recoverer.
	 * @param message the message
	 * @param conversation where it came from
	 * @param failed why it cannot be handled
	 * @param retry the settings of the message
	 * @return what becomes of it
	 */
	Recovery recover(AgentMessage message, Conversation conversation, HandlingFailed failed, RetrySettings retry) {
		MessageRecoverer recoverer = retry.recoverer();
		try {
			return (recoverer != null) ? recoverer.recover(message, conversation, failed.failure()) : byDefault(failed);
		}
		catch (RuntimeException | Error ex) {
			logger.error("The recoverer failed, message {} is a dead letter", PrintableId.of(message.id()),
					Failures.forLog(ex, this.settings.logExceptionMessages()));
			return Recovery.deadLetter();
		}
	}

	private Recovery byDefault(HandlingFailed failed) {
		String sentence = this.handler.sentenceFor(failed);
		return new Recovery(true, sentence.isEmpty() ? List.of() : List.of(new Reply(sentence)));
	}

	void reportAttempt(String messageId, int attempt, int attempts, Throwable failure) {
		logger.warn("Message {} could not be handled, attempt {} of {}: {}", PrintableId.of(messageId), attempt,
				attempts, Failures.describe(failure));
	}

	/**
	 * Reports that a message waits for the store; the operator is told once.
	 * @param failed which one, and why
	 * @param failures how often the store failed
	 */
	void reportStoreFailure(HandlingFailed failed, int failures) {
		if (Integer.bitCount(failures) == 1) {
			logger.error("The store failed: message {} is tried again until it works: {}",
					PrintableId.of(failed.messageId()), Failures.describe(failed.failure()));
		}
		if (failures == this.settings.attempts()) {
			this.events.publish(failed);
		}
	}

	/**
	 * Reports a message that is left for later.
	 * @param failed which one, and why
	 */
	void reportLater(HandlingFailed failed) {
		logger.warn("Message {} stays unaccepted and is tried again later: {}", PrintableId.of(failed.messageId()),
				Failures.describe(failed.failure()));
		this.events.publish(failed);
	}

	/**
	 * Reports a message that has ended without being handled.
	 * @param failed which one, and why
	 * @param kept whether it is a dead letter
	 */
	void reportEnd(HandlingFailed failed, boolean kept) {
		logger.error("Message {} could not be handled and {}", PrintableId.of(failed.messageId()),
				kept ? "is a dead letter now" : "is not kept",
				Failures.forLog(failed.failure(), this.settings.logExceptionMessages()));
		this.events.publish(failed);
	}

}
