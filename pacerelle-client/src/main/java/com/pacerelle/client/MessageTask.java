package com.pacerelle.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.HandlerCall.Outcome;
import com.pacerelle.client.OpenQuestions.Answer;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;

/**
 * Brings one inbound message from its frame to its acknowledgement, in steps that are
 * taken again when they fail: take it, handle it, commit its replies and acceptance
 * (gateway.md section 4.1). What fails too often is set aside, and comes again after a
 * reconnect or a restart.
 */
final class MessageTask implements Task {

	private static final Logger logger = LoggerFactory.getLogger(MessageTask.class);

	private final InboundMessage inbound;

	private final Steps steps;

	/** What its handler asked for, by widget; accepted together with the message. */
	private final Map<String, Answer> answers = new LinkedHashMap<>();

	private @Nullable AgentMessage message;

	private @Nullable List<Content> replies;

	private volatile @Nullable HandlerCall call;

	private volatile boolean cancelled;

	private int failures;

	MessageTask(InboundMessage inbound, Steps steps) {
		this.inbound = inbound;
		this.steps = steps;
	}

	@Override
	public void run(Turn turn) {
		guarded(turn, () -> {
			AgentMessage message = (this.message != null) ? this.message : take();
			if (message == null) {
				turn.done();
			}
			else if (this.replies != null) {
				accept(turn, this.replies);
			}
			else {
				this.message = message;
				handle(turn, message);
			}
		});
	}

	private void handle(Turn turn, AgentMessage message) {
		HandlerCall call = new HandlerCall(this.steps, this.inbound, this.answers, turn,
				(outcome) -> guarded(turn, () -> handled(turn, outcome)));
		this.call = call;
		call.start(message);
	}

	private void handled(Turn turn, Outcome outcome) {
		this.call = null;
		Throwable failure = outcome.failure();
		if (this.cancelled) {
			turn.done();
		}
		else if (failure != null) {
			failed(turn, Exceptions.unwrap(failure));
		}
		else {
			this.replies = outcome.replies();
			accept(turn, outcome.replies());
		}
	}

	private void accept(Turn turn, List<Content> replies) {
		this.steps.sender.accept(this.inbound, replies, this.answers.values().stream().map(Answer::inbound).toList());
		turn.done();
	}

	@Override
	public boolean pass() {
		try {
			return take() == null;
		}
		catch (StoreException ex) {
			// It may be the answer that is waited for: it is to come again.
			this.steps.storeFailureListener.run();
			throw ex;
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		HandlerCall current = this.call;
		if (current != null) {
			current.cancel();
		}
	}

	/**
	 * Takes a step. Errors are caught as well: an assertion or an endless recursion of a
	 * handler is no reason to stop serving others.
	 */
	private void guarded(Turn turn, Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			failed(turn, Exceptions.unwrap(ex));
		}
	}

	private @Nullable AgentMessage take() {
		Acceptance acceptance = this.steps.inbox.accept(this.inbound);
		if (acceptance instanceof Acceptance.Pending pending) {
			AgentMessage message = pending.message();
			return this.steps.questions.offer(this.inbound, message) ? null : message;
		}
		if (acceptance instanceof Acceptance.Accepted) {
			logger.debug("Message {} was handled before, acknowledged again", this.inbound.id());
			this.steps.outbox.acknowledge(Acknowledgement.of(this.inbound));
		}
		else if (acceptance instanceof Acceptance.Refused refused) {
			this.steps.rejections.reject(this.inbound.id(), this.inbound.conversation().conversationId(),
					refused.reason());
		}
		return null;
	}

	private void failed(Turn turn, Throwable failure) {
		if (failure instanceof NoHandlerException) {
			logger.warn("Nothing handles message {}: it stays unacknowledged and comes again", this.inbound.id());
			publishFailure(failure);
			turn.done();
			return;
		}
		this.failures++;
		HandlingSettings settings = this.steps.settings;
		if (this.failures < settings.attempts()) {
			logger.warn("Message {} could not be handled, attempt {} of {}: {}", this.inbound.id(), this.failures,
					settings.attempts(), Failures.describe(failure));
			turn.pause(settings.backoff().multipliedBy(1L << Math.min(this.failures - 1, 20)));
			return;
		}
		logger.error("Message {} could not be handled and is set aside: it stays unacknowledged and comes again"
				+ " after a reconnect or a restart: {}", this.inbound.id(), Failures.describe(failure));
		publishFailure(failure);
		turn.done();
		if (failure instanceof StoreException) {
			this.steps.storeFailureListener.run();
		}
	}

	private void publishFailure(Throwable failure) {
		this.steps.events.publish(new GatewayEvent.HandlingFailed(this.inbound.id(),
				this.inbound.conversation().conversationId(), failure));
	}

	/**
	 * Who takes the steps.
	 *
	 * @param settings how messages are handled
	 * @param inbox takes messages
	 * @param questions who waits for an answer
	 * @param handler handles them
	 * @param asking asks for handlers
	 * @param sender commits replies
	 * @param outbox sends acknowledgements
	 * @param rejections reports refused messages
	 * @param events told about failures
	 * @param executor where handlers and what follows them go on
	 * @param storeFailureListener called when the store fails: what was not taken comes
	 * again after a reconnect
	 */
	record Steps(HandlingSettings settings, Inbox inbox, OpenQuestions questions, AgentMessageHandler handler,
			Asking asking, Sender sender, Outbox outbox, Rejections rejections, Events events, Executor executor,
			Runnable storeFailureListener) {
	}

}
