package com.pacerelle.client.encryption;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.event.Failures;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Messages whose handlers run before anything about them is committed, so that message,
 * acceptance, replies and session share one commit. Each conversation has one at most. It
 * is committed as pending as soon as anything else happens in its conversation, or when
 * its handler takes longer than {@link #LIMIT}. A crash before that has changed nothing:
 * the relay delivers the message again. The methods are called under the lock of the
 * conversation.
 */
final class HeldMessages {

	private static final Logger logger = LoggerFactory.getLogger(HeldMessages.class);

	/** A handler that takes longer gains little from one commit less. */
	static final Duration LIMIT = Duration.ofMillis(20);

	private final AgentStore store;

	private final ConversationLocks locks;

	private final Scheduler committing;

	/** By conversation. */
	private final Map<String, Held> held = new ConcurrentHashMap<>();

	/** The conversation of each message that is held. */
	private final Map<String, String> conversations = new ConcurrentHashMap<>();

	/**
	 * Creates an empty collection.
	 * @param store where they are committed
	 * @param locks keep the steps of a conversation apart
	 * @param committing commits what was held for too long; may block
	 */
	HeldMessages(AgentStore store, ConversationLocks locks, Scheduler committing) {
		this.store = store;
		this.locks = locks;
		this.committing = committing;
	}

	/**
	 * Holds a message. Nothing is held in its conversation.
	 * @param message the message
	 * @return whether it is held; it is not when another conversation has a message with
	 * the same id
	 */
	boolean hold(HeldMessage message) {
		ConversationKey conversation = message.message().conversation();
		if (this.conversations.putIfAbsent(message.message().id(), conversation.conversationId()) != null) {
			return false;
		}
		Disposable limit = Schedulers.parallel()
			.schedule(() -> this.committing.schedule(() -> settleLate(message)), LIMIT.toMillis(),
					TimeUnit.MILLISECONDS);
		this.held.put(conversation.conversationId(), new Held(message, limit));
		return true;
	}

	/**
	 * Whether another conversation has a message with the same id that is held.
	 * @param message the message
	 * @return whether it has
	 */
	boolean isHeldElsewhere(InboundMessage message) {
		String conversationId = this.conversations.get(message.id());
		return conversationId != null && !conversationId.equals(message.conversation().conversationId());
	}

	private @Nullable Held find(InboundMessage message) {
		Held current = this.held.get(message.conversation().conversationId());
		return (current != null && current.message().message().id().equals(message.id())) ? current : null;
	}

	/**
	 * Ends the holding of a message without a commit.
	 * @param message the message
	 * @return what was held, or {@code null} if it is not, or no more
	 */
	@Nullable HeldMessage take(InboundMessage message) {
		Held current = find(message);
		if (current == null) {
			return null;
		}
		remove(message.conversation().conversationId(), current);
		return current.message();
	}

	/**
	 * Commits what is held in a conversation as pending.
	 * @param conversation the conversation
	 * @throws com.pacerelle.client.store.StoreException if it cannot be committed; it is
	 * still held then
	 */
	void settle(ConversationKey conversation) {
		Held current = this.held.get(conversation.conversationId());
		if (current == null) {
			return;
		}
		HeldMessage message = current.message();
		List<Change> changes = new ArrayList<>(message.cipher().changes());
		changes.addAll(message.changes());
		try {
			this.store.commitAndWait(changes);
		}
		catch (StoreConflictException ex) {
			// It can never be committed: its message is decrypted again.
			remove(conversation.conversationId(), current);
			throw ex;
		}
		remove(conversation.conversationId(), current);
		message.cipher().committed();
	}

	/**
	 * As above, unless it is a message that is to be answered now.
	 * @param message the message
	 */
	void settleUnless(InboundMessage message) {
		if (find(message) == null) {
			settle(message.conversation());
		}
	}

	private void remove(String conversationId, Held current) {
		this.held.remove(conversationId, current);
		this.conversations.remove(current.message().message().id());
		current.limit().dispose();
	}

	private void settleLate(HeldMessage message) {
		ConversationKey conversation = message.message().conversation();
		Lock lock = this.locks.of(conversation);
		lock.lock();
		try {
			Held current = this.held.get(conversation.conversationId());
			if (current != null && current.message() == message) {
				settle(conversation);
			}
		}
		catch (RuntimeException ex) {
			// Whoever needs the conversation next fails with it, or commits it.
			logger.debug("A message could not be stored while it is handled: {}", Failures.describe(ex));
		}
		finally {
			lock.unlock();
		}
	}

	private record Held(HeldMessage message, Disposable limit) {
	}

}
