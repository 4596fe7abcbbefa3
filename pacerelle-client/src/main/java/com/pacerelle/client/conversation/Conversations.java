package com.pacerelle.client.conversation;

import java.util.concurrent.Semaphore;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.event.Lifetime;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.outbound.Destination;
import com.pacerelle.client.outbound.Outbox;
import com.pacerelle.client.outbound.Polls;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Creates the conversations of applications and handlers.
 */
public final class Conversations {

	private final Sender sender;

	private final Asking asking;

	private final Polls polls;

	private final Outbox outbox;

	private final Scheduler sending;

	private final Lifetime lifetime;

	private final Semaphore waitingThreads;

	private final Observations observations;

	/**
	 * Creates the conversations of a client.
	 * @param sender sends
	 * @param asking asks
	 * @param polls counts votes
	 * @param outbox says whether the relay keeps up with a progress
	 * @param sending where sending may block
	 * @param lifetime ends what is waited for when the client stops
	 * @param waitingThreads how many threads may wait for answers at the same time
	 * @param observations keep what is sent a part of what sends it
	 */
	public Conversations(Sender sender, Asking asking, Polls polls, Outbox outbox, Scheduler sending, Lifetime lifetime,
			int waitingThreads, Observations observations) {
		this.sender = sender;
		this.asking = asking;
		this.polls = polls;
		this.outbox = outbox;
		this.sending = sending;
		this.lifetime = lifetime;
		this.waitingThreads = new Semaphore(waitingThreads);
		this.observations = observations;
	}

	/**
	 * A conversation that belongs to no handler.
	 * @param to the id of the person, or {@code group:<conversation id>}
	 * @param conversationId the conversation
	 * @return the conversation
	 */
	public Conversation of(String to, String conversationId) {
		return conversation(new Destination(new ConversationKey(to, conversationId), null, null), null, null);
	}

	/**
	 * The conversation of a message whose handler is over.
	 * @param message the message
	 * @return the conversation, which answers the message
	 */
	public Conversation of(InboundMessage message) {
		return conversation(Destination.of(message), null, null);
	}

	/**
	 * The conversation of a handler's message.
	 * @param call the call of the handler
	 * @param live shows the progress of the handler
	 * @return the conversation, which answers the message
	 */
	public Conversation of(CallContext call, LiveProgress live) {
		return conversation(Destination.of(call.message()), call, live);
	}

	private Conversation conversation(Destination destination, @Nullable CallContext call,
			@Nullable LiveProgress live) {
		return new DefaultConversation(this.sender, this.asking, this.polls, this.sending, this.lifetime,
				this.waitingThreads, this.observations, destination, call, live);
	}

	/**
	 * The live progress of a handler.
	 * @param call the call of the handler
	 * @return shows each progress of the handler
	 */
	public LiveProgress progressOf(CallContext call) {
		return new LiveProgress(this.asking, this.outbox, conversation(Destination.of(call.message()), call, null),
				call);
	}

}
