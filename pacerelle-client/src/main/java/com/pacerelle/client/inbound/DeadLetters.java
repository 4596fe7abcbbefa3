package com.pacerelle.client.inbound;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.HandlingSettings;
import com.pacerelle.client.MessageRecoverer.Recovery;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoredMessage;
import com.pacerelle.client.wire.InboundMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that could not be handled: how often each failed, which are accepted
 * nevertheless, and which of these are kept. Blocks.
 */
public final class DeadLetters {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private final HandlingSettings settings;

	private final AgentStore store;

	private final Sender sender;

	private final Clock clock;

	/**
	 * Creates the dead letters of an agent.
	 * @param settings say how many are kept
	 * @param store where they are
	 * @param sender tells people
	 * @param clock tells the time
	 */
	public DeadLetters(HandlingSettings settings, AgentStore store, Sender sender, Clock clock) {
		this.settings = settings;
		this.store = store;
		this.sender = sender;
		this.clock = clock;
	}

	/**
	 * Stores that a message failed, so that attempts are counted across restarts.
	 * @param messageId the message
	 * @param attempts how often
	 * @param failure why
	 */
	void failed(String messageId, int attempts, Throwable failure) {
		this.store.commitAndWait(
				List.of(new Change.MessageFailed(messageId, attempts, Failures.types(failure), this.clock.instant())));
	}

	/**
	 * Accepts a message that cannot be handled, in one commit with what the person reads.
	 * If that cannot be sent, the message ends without it. The clock deletes no other one
	 * here: it may be wrong.
	 * @param message the message
	 * @param failed why it cannot be handled
	 * @param attempts how often it was tried
	 * @param recovery what becomes of it
	 * @param answers what its handler had asked for
	 */
	void accept(InboundMessage message, HandlingFailed failed, int attempts, Recovery recovery,
			List<InboundMessage> answers) {
		Instant now = this.clock.instant();
		List<Change> settled = recovery.kept()
				? List.of(new Change.MessageDead(message.id(), attempts, Failures.types(failed.failure()), now),
						new Change.DeadLettersExpired(Instant.EPOCH, this.settings.maxDeadLetters(), now))
				: List.of(new Change.MessageAccepted(message.id(), now));
		try {
			this.sender.settle(message, recovery.replies(), answers, settled);
		}
		catch (StoreException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			logger.warn("The sender of message {} cannot be told that it was not handled: {}",
					PrintableId.of(message.id()), Failures.describe(ex));
			this.sender.settle(message, List.of(), answers, settled);
		}
	}

	/**
	 * Lists what is kept.
	 * @return the dead letters in the order of their last failure
	 */
	public List<DeadLetter> list() {
		return this.store.deadLetters()
			.stream()
			.map((failed) -> new DeadLetter(failed.messageId(), failed.source().userId(),
					failed.source().conversationId(), failed.source().deviceId(), failed.attempts(), failed.failure(),
					failed.receivedAt(), failed.failedAt()))
			.toList();
	}

	/**
	 * Deletes the content of a dead letter.
	 * @param messageId the message
	 * @throws IllegalArgumentException if it is no dead letter
	 */
	public void discard(String messageId) {
		require(messageId);
		this.store.commitAndWait(List.of(new Change.MessageAccepted(messageId, this.clock.instant())));
	}

	/**
	 * Checks that a message is a dead letter.
	 * @param messageId the message
	 * @throws IllegalArgumentException if it is none
	 */
	void require(String messageId) {
		StoredMessage stored = this.store.message(messageId);
		if (stored == null || stored.state() != Receipt.State.DEAD) {
			throw new IllegalArgumentException("There is no dead letter " + PrintableId.of(messageId));
		}
	}

}
