package com.pacerelle.client.inbound;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.conversation.OpenQuestions.Answer;
import com.pacerelle.client.dispatch.Task;
import com.pacerelle.client.dispatch.Turn;
import com.pacerelle.client.inbound.HandlerCall.Outcome;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * Brings one inbound message from its frame to its acknowledgement, in steps that are
 * taken again when they fail: take it, handle it, commit its replies and acceptance
 * (gateway.md section 4.1).
 */
final class MessageTask implements Task {

	private final InboundMessage inbound;

	private final Intake intake;

	private final HandlerInvoker invoker;

	private final Sender sender;

	private final RetryPolicy retryPolicy;

	/** What its handler asked for, by widget; accepted together with the message. */
	private final Map<String, Answer> answers = new LinkedHashMap<>();

	private @Nullable AgentMessage message;

	private @Nullable List<Content> replies;

	private volatile @Nullable HandlerCall call;

	private volatile boolean cancelled;

	private int failures;

	/**
	 * Creates a task.
	 * @param inbound the message
	 * @param intake takes it
	 * @param invoker calls the handler
	 * @param sender commits the replies and the acceptance
	 * @param retryPolicy says what happens when a step fails
	 */
	MessageTask(InboundMessage inbound, Intake intake, HandlerInvoker invoker, Sender sender, RetryPolicy retryPolicy) {
		this.inbound = inbound;
		this.intake = intake;
		this.invoker = invoker;
		this.sender = sender;
		this.retryPolicy = retryPolicy;
	}

	@Override
	public void run(Turn turn) {
		guarded(turn, () -> {
			AgentMessage message = (this.message != null) ? this.message : this.intake.take(this.inbound);
			this.message = message;
			if (message == null) {
				turn.done();
			}
			else if (this.replies != null) {
				accept(turn, this.replies);
			}
			else {
				handle(turn, message);
			}
		});
	}

	private void handle(Turn turn, AgentMessage message) {
		HandlerCall call = this.invoker.prepare(this.inbound, this.answers, turn,
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
			this.intake.settle(this.inbound);
			failed(turn, failure);
		}
		else {
			this.replies = outcome.replies();
			accept(turn, outcome.replies());
		}
	}

	private void accept(Turn turn, List<Content> replies) {
		// If that fails, the message may not be stored yet: it is taken again then.
		this.message = null;
		this.sender.accept(this.inbound, replies, this.answers.values().stream().map(Answer::inbound).toList());
		turn.done();
	}

	@Override
	public boolean lookAhead() {
		try {
			return this.intake.take(this.inbound) == null;
		}
		catch (StoreException ex) {
			// It may be the awaited answer: it must be delivered again.
			this.retryPolicy.storeFailed();
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
	 * handler must not stop the handling of others.
	 */
	private void guarded(Turn turn, Runnable step) {
		try {
			step.run();
		}
		catch (Throwable ex) {
			failed(turn, ex);
		}
	}

	private void failed(Turn turn, Throwable failure) {
		try {
			this.retryPolicy.failed(this.inbound, turn, ++this.failures, failure);
		}
		catch (RuntimeException | Error ex) {
			// Not even that: else the conversation would wait for ever.
			turn.done();
		}
	}

}
