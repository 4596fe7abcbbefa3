package com.pacerelle.client.inbound;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.pacerelle.client.conversation.OpenQuestions.Answer;
import com.pacerelle.client.dispatch.Task;
import com.pacerelle.client.dispatch.Turn;
import com.pacerelle.client.inbound.HandlerCall.Outcome;
import com.pacerelle.client.inbound.Intake.Taken;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * Brings one inbound message from its frame to its acknowledgement, in steps that are
 * taken again when they fail: take it, handle it, commit its replies and acceptance
 * (gateway.md section 4.1). When it was taken ahead of its turn, only its id stays in
 * memory, and the rest is in the store.
 */
final class MessageTask implements Task {

	private final String id;

	private final MessagePipeline pipeline;

	/** What its handler asked for, by widget; accepted together with the message. */
	private final Map<String, Answer> answers = new LinkedHashMap<>(0);

	/** {@code null} while the message is only in the store. */
	private volatile @Nullable InboundMessage inbound;

	/** Tells a copy from another message when there is nothing else to compare. */
	private volatile byte @Nullable [] digest;

	/** The widget that it answers, once this is known. */
	private @Nullable String answered;

	private @Nullable AgentMessage message;

	private @Nullable List<Content> replies;

	private volatile @Nullable HandlerCall call;

	private volatile boolean cancelled;

	private int failures;

	/**
	 * Creates a task.
	 * @param inbound the message
	 * @param pipeline the steps
	 */
	MessageTask(InboundMessage inbound, MessagePipeline pipeline) {
		this.id = inbound.id();
		this.inbound = inbound;
		this.pipeline = pipeline;
	}

	/**
	 * Whether this is the task of a message.
	 * @param other a message with the same id
	 * @return whether it says the same
	 */
	boolean isOf(InboundMessage other) {
		byte[] known = this.digest;
		InboundMessage own = this.inbound;
		return (known != null) ? Arrays.equals(known, other.digest()) : other.equals(own);
	}

	@Override
	public void run(Turn turn) {
		guarded(turn, () -> {
			AgentMessage taken = (this.message != null) ? this.message : take();
			if (taken == null) {
				end(turn);
			}
			else if (this.replies != null) {
				accept(turn, this.replies);
			}
			else {
				this.message = taken;
				handle(turn, taken);
			}
		});
	}

	private @Nullable AgentMessage take() {
		InboundMessage frame = this.inbound;
		Taken taken = (frame != null) ? this.pipeline.intake().take(frame) : this.pipeline.intake().take(this.id);
		if (taken == null) {
			return null;
		}
		this.inbound = taken.inbound();
		return taken.message();
	}

	@Override
	public boolean lookAhead() {
		InboundMessage frame = this.inbound;
		if (frame == null && this.answered == null) {
			return false;
		}
		try {
			Taken taken = (frame != null) ? this.pipeline.intake().take(frame) : this.pipeline.intake().take(this.id);
			if (taken == null) {
				this.pipeline.waiting().remove(this.id, this);
				return true;
			}
			if (frame != null && taken.restorable()) {
				WidgetResponse response = taken.message().widgetResponse();
				this.answered = (response != null) ? response.ref() : null;
				this.digest = frame.digest();
				this.inbound = null;
			}
			return false;
		}
		catch (StoreException ex) {
			// It may be the awaited answer: it must be delivered again.
			this.pipeline.retryPolicy().storeFailed();
			throw ex;
		}
	}

	@Override
	public void drop() {
		this.pipeline.waiting().remove(this.id, this);
	}

	private void handle(Turn turn, AgentMessage message) {
		HandlerCall call = this.pipeline.invoker()
			.prepare(inbound(), this.answers, turn, (outcome) -> guarded(turn, () -> handled(turn, outcome)));
		this.call = call;
		call.start(message);
	}

	private InboundMessage inbound() {
		return Objects.requireNonNull(this.inbound);
	}

	private void handled(Turn turn, Outcome outcome) {
		this.call = null;
		Throwable failure = outcome.failure();
		if (this.cancelled) {
			end(turn);
		}
		else if (failure != null) {
			failed(turn, failure);
		}
		else {
			this.replies = outcome.replies();
			accept(turn, outcome.replies());
		}
	}

	private void accept(Turn turn, List<Content> replies) {
		this.pipeline.waiting().remove(this.id, this);
		this.pipeline.sender().accept(inbound(), replies, this.answers.values().stream().map(Answer::inbound).toList());
		turn.done();
	}

	private void end(Turn turn) {
		this.pipeline.waiting().remove(this.id, this);
		turn.done();
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
		InboundMessage frame = this.inbound;
		this.pipeline.retryPolicy()
			.failed(this.id, (frame != null) ? frame.conversation().conversationId() : "", turn, ++this.failures,
					failure, () -> end(turn));
	}

}
