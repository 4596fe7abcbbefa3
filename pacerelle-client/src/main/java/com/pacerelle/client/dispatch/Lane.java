package com.pacerelle.client.dispatch;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.PrintableId;
import com.pacerelle.client.dispatch.LookAhead.Entry;
import com.pacerelle.client.dispatch.LookAhead.Outcome;
import com.pacerelle.client.wire.ConversationKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The tasks of one conversation in the order of their arrival. The first one waits for a
 * place, has its turn, or pauses. What there is no room for is left at the relay, and so
 * is all that comes after it, until the relay delivers again: the order stays.
 */
final class Lane implements CurrentTurn.Listener, LookAhead.Listener {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private final ConversationKey conversation;

	private final Places places;

	private final Room room;

	private final Executor change;

	private final Scheduler timer;

	private final Listener listener;

	private final Set<Entry> entries = new LinkedHashSet<>(4);

	private final Runnable begin = this::begin;

	private final LookAhead lookAhead;

	/** Those that wait whole; the one that has its turn is counted in the room alone. */
	private int whole;

	private long wholeBytes;

	/** How many are looked at without a turn. */
	private int passing;

	private @Nullable CurrentTurn turn;

	private boolean pausing;

	/** How often looking ahead was allowed apart from the turn. */
	private int watched;

	/** The turn waits for a person, or for a place after the answer. */
	private boolean parked;

	/** It waits for a place. */
	private boolean queued;

	/** The next turn waits until its task has been looked at. */
	private boolean held;

	/** There was no room for a task. */
	private boolean left;

	/** One that was left was not even looked at, while an answer was awaited. */
	private boolean leftUnseen;

	/**
	 * Creates a lane.
	 * @param conversation its conversation
	 * @param places where turns get their places
	 * @param room where tasks are counted
	 * @param change takes the steps
	 * @param lookAheadExecutor looks at tasks ahead of their turn
	 * @param timer wakes tasks that pause
	 * @param listener told, in a step, what concerns the dispatcher
	 */
	Lane(ConversationKey conversation, Places places, Room room, Executor change, Executor lookAheadExecutor,
			Scheduler timer, Listener listener) {
		this.conversation = conversation;
		this.places = places;
		this.room = room;
		this.change = change;
		this.timer = timer;
		this.listener = listener;
		this.lookAhead = new LookAhead(this.entries, change, lookAheadExecutor, this);
	}

	/**
	 * Takes a task if there is room.
	 * @param task the task
	 * @param size its size
	 * @return whether it was taken; else it is left at the relay
	 */
	boolean add(Task task, int size) {
		if (this.left || !this.room.takes(this.entries.size(), this.wholeBytes, size)) {
			return leave(task, size);
		}
		Entry entry = new Entry(task, size);
		this.entries.add(entry);
		this.room.countWaiting(1);
		count(entry, 1);
		this.lookAhead.add(entry);
		next();
		return true;
	}

	/** It may be the answer that the turn waits for: it is looked at if possible. */
	private boolean leave(Task task, int size) {
		if (!this.left) {
			this.left = true;
			logger.warn("So many messages of conversation {} wait that more are left at the relay until there is room",
					PrintableId.of(this.conversation.conversationId()));
			this.listener.left(this);
		}
		if (!this.lookAhead.isAllowed()) {
			return false;
		}
		if (!this.room.takes(this.passing, this.wholeBytes, size)) {
			this.leftUnseen = true;
			return false;
		}
		Entry entry = new Entry(task, size, true);
		this.passing++;
		count(entry, 1);
		this.lookAhead.add(entry);
		return true;
	}

	/**
	 * Whether the relay may deliver again what was left.
	 */
	boolean isDrained() {
		return this.room.isDrained(this.entries.size())
				|| (this.leftUnseen && this.lookAhead.isAllowed() && !this.lookAhead.isLooking());
	}

	/**
	 * What was left is delivered again.
	 */
	void deliveredAgain() {
		this.left = false;
		this.leftUnseen = false;
		emptied();
	}

	void allowLookAhead() {
		this.watched++;
		this.lookAhead.allow();
	}

	void endLookAhead() {
		if (this.watched > 0) {
			this.watched--;
			this.lookAhead.forbid(1);
			emptied();
		}
	}

	/**
	 * Looks at the tasks that wait, if they are crowded.
	 */
	void look() {
		this.lookAhead.look();
	}

	/**
	 * Stops looking ahead.
	 * @param onlyWaiting whether a task that has a place may go on
	 * @return the task that is to be cancelled, or {@code null}
	 */
	@Nullable Task stop(boolean onlyWaiting) {
		this.lookAhead.stop();
		CurrentTurn current = this.turn;
		return (current != null && !(current.hasPlace() && onlyWaiting)) ? current.task() : null;
	}

	private void next() {
		if (this.turn == null && !this.pausing && !this.queued && !this.held && !this.entries.isEmpty()) {
			this.queued = true;
			this.places.queue(this.conversation.to(), this.begin);
		}
		emptied();
	}

	private void emptied() {
		if (this.entries.isEmpty() && !this.queued && !this.left && this.passing == 0 && !this.lookAhead.isAllowed()) {
			this.listener.emptied(this.conversation, this);
		}
	}

	private void begin() {
		this.queued = false;
		if (this.entries.isEmpty()) {
			emptied();
			return;
		}
		Entry first = first();
		if (this.lookAhead.isAt(first)) {
			this.held = true;
			return;
		}
		if (!first.stored) {
			this.whole--;
			this.wholeBytes -= first.size;
		}
		first.begun = true;
		CurrentTurn next = new CurrentTurn(first.task, this.conversation.to(), this.places, this.lookAhead, this.change,
				this);
		this.turn = next;
		this.places.take(this.conversation.to());
		this.places.run(next);
	}

	private Entry first() {
		return this.entries.iterator().next();
	}

	@Override
	public void turnWaits() {
		park(true);
	}

	@Override
	public void turnResumes() {
		park(false);
	}

	/** A person may take days to answer, and questions must not keep answers out. */
	private void park(boolean parked) {
		this.parked = parked;
		Entry first = first();
		if (!first.stored) {
			int sign = parked ? -1 : 1;
			this.room.count(sign, sign * (long) first.size);
		}
	}

	@Override
	public void turnEnds(@Nullable Duration pause) {
		this.turn = null;
		if (this.parked) {
			park(false);
		}
		if (pause != null) {
			this.pausing = true;
			this.timer.schedule(() -> this.change.execute(this::unpause), pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		else {
			remove(first());
			next();
		}
	}

	private void unpause() {
		Entry first = first();
		first.begun = false;
		if (!first.stored) {
			this.whole++;
			this.wholeBytes += first.size;
		}
		this.pausing = false;
		next();
	}

	private void count(Entry entry, int sign) {
		if (!entry.begun) {
			this.whole += sign;
			this.wholeBytes += (long) sign * entry.size;
		}
		this.room.count(sign, (long) sign * entry.size);
	}

	private void remove(Entry entry) {
		if (!entry.stored) {
			count(entry, -1);
		}
		entry.gone = true;
		if (entry.passing) {
			this.passing--;
		}
		else {
			this.entries.remove(entry);
			this.room.countWaiting(-1);
		}
	}

	@Override
	public boolean isCrowded() {
		return this.room.isCrowded(this.whole, this.wholeBytes);
	}

	@Override
	public void looked(Entry entry, Outcome outcome) {
		if (entry.passing) {
			remove(entry);
			if (outcome != Outcome.DONE) {
				this.leftUnseen |= outcome == Outcome.FAILED;
				entry.task.drop();
			}
		}
		else if (outcome == Outcome.DONE) {
			remove(entry);
		}
		else if (outcome == Outcome.STORED && !entry.stored) {
			count(entry, -1);
			entry.stored = true;
		}
		this.held = false;
		next();
	}

	@Override
	public void lookingEnds() {
		emptied();
	}

	/**
	 * Told what concerns more than one lane.
	 */
	interface Listener {

		/** The lane is empty. */
		void emptied(ConversationKey conversation, Lane lane);

		/** The lane had no room for a task, for the first time since a delivery. */
		void left(Lane lane);

	}

}
