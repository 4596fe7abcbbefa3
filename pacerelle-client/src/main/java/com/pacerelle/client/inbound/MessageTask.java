package com.pacerelle.client.inbound;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.MessageRecoverer.Recovery;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.conversation.OpenQuestions.Answer;
import com.pacerelle.client.dispatch.Turn;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.inbound.HandlerCall.Outcome;
import com.pacerelle.client.inbound.Intake.Nothing;
import com.pacerelle.client.inbound.Intake.Result;
import com.pacerelle.client.inbound.Intake.Taken;
import com.pacerelle.client.inbound.WaitingMessages.Waiting;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.store.ApplicationTransactions;
import com.pacerelle.client.store.MessageTransaction;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/**
 * Brings one inbound message from its frame to its acknowledgement, in steps that are
 * taken again when they fail: take it, handle it, commit its replies and acceptance
 * (gateway.md section 4.1). When it was taken ahead of its turn, only its id stays in
 * memory, and the rest is in the store.
 */
final class MessageTask implements Waiting {

	private final String id;

	private final ConversationKey conversation;

	private final int size;

	private final boolean dead;

	private final MessageSteps steps;

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

	/** That of the last call of the handler. */
	private volatile MessageTransaction transaction;

	/** The replies were to be committed in it. */
	private boolean transactional;

	private volatile @Nullable HandlerCall call;

	private volatile boolean cancelled;

	/** How often the message was handled, and failed. */
	private int attempts;

	private int storeFailures;

	/** How often it stepped aside. */
	private int sweeps;

	/** Why it cannot be handled, and what becomes of it. */
	private @Nullable HandlingFailed failed;

	private @Nullable Recovery recovery;

	/** It steps aside for another turn later. */
	private boolean later;

	private boolean refused;

	/** Of its turn; of nobody before and after. */
	private Observation received = Observation.NOOP;

	/**
	 * Creates a task.
	 * @param inbound the message
	 * @param size how much memory it takes
	 * @param dead whether it is a dead letter, which comes from the store and is tried
	 * once
	 * @param steps its steps
	 */
	MessageTask(InboundMessage inbound, int size, boolean dead, MessageSteps steps) {
		this.id = inbound.id();
		this.conversation = inbound.conversation();
		this.inbound = dead ? null : inbound;
		this.size = size;
		this.dead = dead;
		this.steps = steps;
		this.transaction = ApplicationTransactions.NONE.open();
	}

	@Override
	public boolean isOf(InboundMessage other) {
		byte[] known = this.digest;
		InboundMessage own = this.inbound;
		// Of a dead letter there is no frame to compare: it was acknowledged before.
		return this.dead || ((known != null) ? Arrays.equals(known, other.digest()) : other.equals(own));
	}

	@Override
	public void run(Turn turn) {
		if (this.received.isNoop()) {
			startObserving();
		}
		guarded(turn, () -> {
			AgentMessage current = this.message;
			if (this.recovery != null) {
				settle(turn);
			}
			else if (this.replies != null) {
				goOn(turn, this.replies);
			}
			else if (current != null) {
				handle(turn, current);
			}
			else if (take() instanceof Taken taken) {
				this.inbound = taken.inbound();
				this.message = taken.message();
				this.attempts = Math.max(this.attempts, taken.attempts());
				handle(turn, taken.message());
			}
			else {
				end(turn);
			}
		});
	}

	private Result take() {
		// What was restored has no digest to be compared.
		InboundMessage frame = (this.dead || this.digest != null) ? null : this.inbound;
		Result result = Observations.within(this.received,
				() -> (frame != null) ? this.steps.intake().take(frame) : this.steps.intake().take(this.id));
		this.refused = result == Nothing.REFUSED;
		if (result instanceof Taken taken) {
			Observations.kind(this.received, HandlerCall.kind(taken.message()));
		}
		if (result == Nothing.LATER) {
			this.later = true;
			if (frame != null && this.sweeps == 0) {
				this.steps.intake().reject(frame, RejectionReason.GROUP_KEY_MISSING);
			}
		}
		return result;
	}

	@Override
	public boolean lookAhead() {
		InboundMessage frame = this.inbound;
		if (this.message != null || (frame == null && this.answered == null)) {
			return false;
		}
		Result result;
		String outcome = "deferred";
		startObserving();
		try {
			result = take();
			this.steps.intake().settle(this.conversation);
			outcome = (result instanceof Taken) ? "stored" : outcomeWithoutHandler();
		}
		catch (StoreException ex) {
			// It may be the awaited answer.
			this.steps.sweep().lookAgain(this.conversation);
			throw ex;
		}
		finally {
			stopObserving(outcome);
		}
		if (!(result instanceof Taken taken)) {
			stepAside();
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

	@Override
	public void drop() {
		this.steps.waiting().remove(this.id, this);
	}

	private void handle(Turn turn, AgentMessage message) {
		HandlerCall call = this.steps.invoker()
			.prepare(inbound(), this.answers, turn, this.received,
					(outcome) -> guarded(turn, () -> handled(turn, outcome)));
		this.call = call;
		try (MessageTransaction transaction = this.steps.transactions().open()) {
			this.transaction = transaction;
			call.start(message, transaction);
		}
	}

	private InboundMessage inbound() {
		return Objects.requireNonNull(this.inbound);
	}

	private void handled(Turn turn, Outcome outcome) {
		this.call = null;
		Throwable failure = outcome.failure();
		if (this.cancelled || failure != null) {
			this.transaction.rollBack();
		}
		if (this.cancelled) {
			end(turn);
		}
		else if (failure != null) {
			this.steps.intake().settle(this.conversation);
			failed(turn, failure);
		}
		else {
			this.replies = outcome.replies();
			accept(turn, outcome.replies());
		}
	}

	/**
	 * When the first commit failed, the message may not be stored yet: it is taken again.
	 * What the handler wrote in the same transaction is not there, so that it is called
	 * again.
	 */
	private void goOn(Turn turn, List<Content> replies) {
		if (!(take() instanceof Taken taken)) {
			end(turn);
		}
		else if (this.transactional) {
			this.replies = null;
			this.transactional = false;
			handle(turn, taken.message());
		}
		else {
			accept(turn, replies);
		}
	}

	private void accept(Turn turn, List<Content> replies) {
		MessageTransaction transaction = this.transaction;
		this.steps.waiting().remove(this.id, this);
		this.transactional = transaction.isActive();
		within(() -> {
			if (this.transactional) {
				this.steps.sender().acceptInTransaction(inbound(), replies, answers());
				transaction.commit();
			}
			else {
				this.steps.sender().accept(inbound(), replies, answers());
			}
		});
		stopObserving("accepted");
		turn.done();
	}

	private List<InboundMessage> answers() {
		return this.answers.values().stream().map(Answer::inbound).toList();
	}

	private void end(Turn turn) {
		stopObserving(outcomeWithoutHandler());
		turn.done();
		stepAside();
	}

	private String outcomeWithoutHandler() {
		if (this.cancelled) {
			return "cancelled";
		}
		if (this.later) {
			return "deferred";
		}
		return this.refused ? "refused" : "no-handler";
	}

	private void startObserving() {
		this.received = this.steps.observations()
			.create(PacerelleObservation.RECEIVE, conversationId(), this.id)
			.start();
	}

	private void within(Runnable step) {
		Observations.within(this.received, () -> {
			step.run();
			return null;
		});
	}

	private void stopObserving(String outcome) {
		Observation ended = this.received;
		this.received = Observation.NOOP;
		Observations.stop(ended, outcome);
	}

	/** It has ended, or another turn comes later. */
	private void stepAside() {
		if (this.later) {
			this.later = false;
			this.steps.sweep().later(this, this.conversation, this.size, ++this.sweeps);
		}
		else {
			this.steps.waiting().remove(this.id, this);
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

	private void failed(Turn turn, Throwable thrown) {
		Throwable failure = Exceptions.unwrap(thrown);
		try {
			// What decides about the failure is not part of it.
			this.transaction.close();
			if (isOfStore(failure)) {
				waitForStore(turn, failure);
			}
			else {
				decide(turn, failure);
			}
		}
		catch (Throwable ex) {
			if (isOfStore(ex)) {
				waitForStore(turn, ex);
			}
			else {
				// Such as a message that was accepted meanwhile.
				this.steps.retryPolicy().reportLater(new HandlingFailed(this.id, conversationId(), ex));
				end(turn);
			}
		}
	}

	private static boolean isOfStore(Throwable failure) {
		return failure instanceof StoreException && !(failure instanceof StoreConflictException);
	}

	private String conversationId() {
		return this.conversation.conversationId();
	}

	private void waitForStore(Turn turn, Throwable failure) {
		RetryPolicy policy = this.steps.retryPolicy();
		policy.reportStoreFailure(new HandlingFailed(this.id, conversationId(), failure), ++this.storeFailures);
		turn.pause(policy.storePause(this.storeFailures));
	}

	private void decide(Turn turn, Throwable failure) {
		RetryPolicy policy = this.steps.retryPolicy();
		AgentMessage taken = this.message;
		if (taken == null) {
			later(turn, failure);
			return;
		}
		if (this.replies != null && !storeWithoutReplies()) {
			end(turn);
			return;
		}
		RetrySettings retry = policy.settings(taken);
		boolean isFinal = this.dead || RetryPolicy.isFinal(failure, retry);
		this.attempts++;
		if (!isFinal && this.attempts < retry.attempts()) {
			policy.reportAttempt(this.id, this.attempts, retry.attempts(), failure);
			this.steps.deadLetters().failed(this.id, this.attempts, failure);
			turn.pause(policy.pause(retry, this.attempts));
		}
		else if (!isFinal && RetryPolicy.isOfRelay(failure)) {
			later(turn, failure);
		}
		else {
			HandlingFailed failed = new HandlingFailed(this.id, conversationId(), failure);
			this.failed = failed;
			this.recovery = this.dead ? Recovery.deadLetter()
					: policy.recover(taken, this.steps.invoker().conversationOf(inbound()), failed, retry);
			settle(turn);
		}
	}

	/**
	 * Stores what could not be committed with its answer.
	 * @return whether it is still to be handled
	 */
	private boolean storeWithoutReplies() {
		boolean taken = take() instanceof Taken;
		this.steps.intake().settle(this.conversation);
		return taken;
	}

	private void later(Turn turn, Throwable failure) {
		this.steps.retryPolicy().reportLater(new HandlingFailed(this.id, conversationId(), failure));
		this.later = true;
		end(turn);
	}

	private void settle(Turn turn) {
		HandlingFailed failed = Objects.requireNonNull(this.failed);
		Recovery recovery = Objects.requireNonNull(this.recovery);
		this.steps.waiting().remove(this.id, this);
		within(() -> this.steps.deadLetters().accept(inbound(), failed, this.attempts, recovery, answers()));
		Observations.fail(this.received, failed.failure());
		stopObserving(recovery.kept() ? "dead-letter" : "discarded");
		this.steps.retryPolicy().reportEnd(failed, recovery.kept());
		turn.done();
	}

}
