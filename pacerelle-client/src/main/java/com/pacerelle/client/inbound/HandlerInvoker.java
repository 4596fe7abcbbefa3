package com.pacerelle.client.inbound;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.conversation.CallContext;
import com.pacerelle.client.conversation.Conversations;
import com.pacerelle.client.conversation.OpenQuestions;
import com.pacerelle.client.conversation.OpenQuestions.Answer;
import com.pacerelle.client.dispatch.Turn;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.wire.InboundMessage;
import io.micrometer.observation.Observation;

/**
 * Calls the application's handler.
 */
public final class HandlerInvoker {

	private final AgentMessageHandler handler;

	private final Conversations conversations;

	private final OpenQuestions questions;

	private final Duration timeout;

	private final Executor executor;

	private final Observations observations;

	/**
	 * Creates an invoker.
	 * @param handler handles messages
	 * @param conversations what it talks to
	 * @param questions where its answers are waited for
	 * @param timeout how long a call may take, zero for ever
	 * @param executor where asynchronous calls end
	 * @param observations observe calls
	 */
	public HandlerInvoker(AgentMessageHandler handler, Conversations conversations, OpenQuestions questions,
			Duration timeout, Executor executor, Observations observations) {
		this.handler = handler;
		this.conversations = conversations;
		this.questions = questions;
		this.timeout = timeout;
		this.executor = executor;
		this.observations = observations;
	}

	/**
	 * The conversation of a message whose handler is over.
	 * @param message the message
	 * @return the conversation, which answers the message
	 */
	Conversation conversationOf(InboundMessage message) {
		return this.conversations.of(message);
	}

	/**
	 * Prepares a call for a message.
	 * @param message the message
	 * @param answers those that earlier calls for the message got, by their widgets; more
	 * are added
	 * @param turn the turn of the message
	 * @param received the observation of the message
	 * @param end told the outcome, see {@link HandlerCall}
	 * @return the call, not started
	 */
	HandlerCall prepare(InboundMessage message, Map<String, Answer> answers, Turn turn, Observation received,
			Consumer<HandlerCall.Outcome> end) {
		Observation observation = this.observations
			.create(PacerelleObservation.HANDLE, message.conversation().conversationId(), message.id())
			.parentObservation(received);
		CallContext context = new CallContext(message, answers, turn, this.questions, this.timeout);
		return new HandlerCall(this.handler, this.conversations, context, observation, this.executor, end);
	}

}
