package com.pacerelle.client;

import java.util.concurrent.Semaphore;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Makes what applications and handlers talk to.
 */
final class Conversations {

	private final Sender sender;

	private final Asking asking;

	private final Polls polls;

	private final Outbox outbox;

	private final Scheduler sending;

	private final Semaphore waitingThreads;

	/**
	 * Creates the conversations of a client.
	 * @param sender sends
	 * @param asking asks
	 * @param polls counts votes
	 * @param outbox says whether the relay keeps up with a progress
	 * @param sending where sending may block
	 * @param waitingThreads how many threads may wait for answers at the same time
	 */
	Conversations(Sender sender, Asking asking, Polls polls, Outbox outbox, Scheduler sending, int waitingThreads) {
		this.sender = sender;
		this.asking = asking;
		this.polls = polls;
		this.outbox = outbox;
		this.sending = sending;
		this.waitingThreads = new Semaphore(waitingThreads);
	}

	/**
	 * A conversation that belongs to no handler.
	 * @param to the id of the person, or {@code group:<conversation id>}
	 * @param conversationId the conversation
	 * @return the conversation
	 */
	Conversation of(String to, String conversationId) {
		return conversation(new Destination(new ConversationKey(to, conversationId), null, null), null);
	}

	/**
	 * The conversation of a handler's message.
	 * @param call the call of the handler
	 * @return the conversation, which answers the message
	 */
	Conversation of(CallContext call) {
		return conversation(Destination.of(call.message()), call);
	}

	private Conversation conversation(Destination destination, @Nullable CallContext call) {
		return new DefaultConversation(this.sender, this.asking, this.polls, this.sending, this.waitingThreads,
				destination, call);
	}

	/**
	 * What shows how far a handler is.
	 * @param call the call of the handler
	 * @return shows each progress that the handler returns
	 */
	LiveProgress progressOf(CallContext call) {
		return new LiveProgress(this.asking, this.outbox, of(call), call);
	}

}
