package com.pacerelle.client;

import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import org.reactivestreams.Publisher;

/**
 * Handles the messages to the agent. Messages of one conversation are handled one at a
 * time, in the order of their arrival; those of different conversations concurrently. A
 * handler may block: it is called on a thread of its own.
 */
@FunctionalInterface
public interface AgentMessageHandler {

	/**
	 * Handles a message. When the publisher completes, the replies and the acceptance of
	 * the message are committed in one transaction; when it or the call fails, nothing is
	 * sent and the call is repeated with back-off, then the message is set aside
	 * unacknowledged (gateway.md section 4.1). A {@link NoHandlerException} sets it aside
	 * at once.
	 * <p>
	 * A {@link com.pacerelle.client.message.Progress} is not collected but shown while
	 * the handler runs: the first one of an id, or without one, creates the widget, later
	 * ones update it, the last one at the latest when the publisher completes. When the
	 * person cancels it, the subscription is cancelled; what was returned before is sent,
	 * and the message is accepted together with the cancellation.
	 * <p>
	 * A call that takes longer than {@link HandlingSettings#timeout()} is interrupted, or
	 * its subscription cancelled, and has failed; the time spent waiting for an answer is
	 * not included.
	 * @param message the message
	 * @param conversation where the message came from: what is sent there refers to the
	 * message
	 * @return the replies in their order, possibly none
	 */
	Publisher<? extends Content> handle(AgentMessage message, Conversation conversation);

	/**
	 * What a person reads whose answer to a widget is refused, and so reaches no handler:
	 * it was not asked for, comes too late, or is not the first one.
	 * @param refused which answer, and why
	 * @return a sentence, or an empty text to say nothing
	 */
	default String sentenceFor(AnswerRefused refused) {
		return switch (refused.reason()) {
			case NOT_ASKED -> "There is no such question for you";
			case EXPIRED -> "This question has expired";
			case ANSWERED -> "This question was answered already";
			case NEW_IDENTITY -> "This device was not known when the question was asked";
		};
	}

}
