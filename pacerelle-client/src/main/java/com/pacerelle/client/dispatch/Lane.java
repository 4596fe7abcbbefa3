package com.pacerelle.client.dispatch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.pacerelle.client.dispatch.LookAhead.Entry;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.wire.ConversationKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The tasks of one conversation in the order of their arrival. The first one waits for a
 * place, has its turn, or pauses.
 */
final class Lane implements CurrentTurn.Listener, LookAhead.Listener {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private final ConversationKey conversation;

	private final Places places;

	private final Room room;

	private final Executor change;

	private final Scheduler timer;

	private final Consumer<ConversationKey> emptied;

	private final Queue<Entry> entries = new ArrayDeque<>(4);

	private final Runnable begin = this::begin;

	private final LookAhead lookAhead;

	private long bytes;

	private @Nullable CurrentTurn turn;

	/** How often looking ahead was allowed apart from the turn. */
	private int watched;

	/** The turn waits for a person, or for a place after the answer. */
	private boolean parked;

	/** The next turn waits until the tasks have been looked at. */
	private boolean held;

	/**
	 * Creates a lane.
	 * @param conversation its conversation
	 * @param places where turns get their places
	 * @param room where tasks are counted
	 * @param change takes the steps
	 * @param lookAheadExecutor looks at tasks ahead of their turn
	 * @param timer wakes tasks that pause
	 * @param emptied called, in a step, when the lane is empty
	 */
	Lane(ConversationKey conversation, Places places, Room room, Executor change, Executor lookAheadExecutor,
			Scheduler timer, Consumer<ConversationKey> emptied) {
		this.conversation = conversation;
		this.places = places;
		this.room = room;
		this.change = change;
		this.timer = timer;
		this.emptied = emptied;
		this.lookAhead = new LookAhead(this.entries, change, lookAheadExecutor, this);
	}

	void add(Task task, int size) {
		this.entries.add(new Entry(task, size));
		count(1, size);
		this.lookAhead.look();
		if (this.entries.size() == 1) {
			next();
		}
	}

	void allowLookAhead() {
		this.watched++;
		this.lookAhead.allow();
	}

	void endLookAhead() {
		if (this.watched > 0) {
			this.watched--;
			this.lookAhead.forbid(1);
			if (this.entries.isEmpty()) {
				next();
			}
		}
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
		if (this.lookAhead.isLooking()) {
			this.held = true;
		}
		else if (!this.entries.isEmpty()) {
			this.places.queue(this.begin);
			this.lookAhead.look();
		}
		else if (!this.lookAhead.isAllowed()) {
			this.emptied.accept(this.conversation);
		}
	}

	private void begin() {
		Entry first = this.entries.element();
		first.begun = true;
		CurrentTurn next = new CurrentTurn(first.task, this.places, this.lookAhead, this.change, this);
		this.turn = next;
		this.places.take();
		this.places.run(next);
	}

	@Override
	public void turnWaits() {
		park(true);
	}

	@Override
	public void turnResumes() {
		park(false);
	}

	@Override
	public void turnEnds(@Nullable Duration pause) {
		this.turn = null;
		if (this.parked) {
			park(false);
		}
		if (pause != null) {
			this.timer.schedule(() -> this.change.execute(this::unpause), pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		else {
			remove(this.entries.element());
			next();
		}
	}

	private void unpause() {
		this.entries.element().begun = false;
		next();
	}

	private void count(int tasks, long bytes) {
		this.bytes += bytes;
		if (this.parked) {
			this.room.countBehindQuestion(bytes);
		}
		else {
			this.room.count(tasks, bytes);
		}
	}

	private void park(boolean parked) {
		int sign = (parked) ? 1 : -1;
		this.parked = parked;
		this.room.countBehindQuestion(sign * this.bytes);
		this.room.count(-sign * this.entries.size(), -sign * this.bytes);
	}

	private void remove(Entry entry) {
		this.entries.remove(entry);
		count(-1, -entry.size);
	}

	@Override
	public void lookingBegins() {
		this.held = this.places.withdraw(this.begin);
	}

	@Override
	public void looked(Entry entry, boolean done) {
		if (done) {
			remove(entry);
		}
		else if (this.parked && this.room.isCrowded(this.entries.size() - 1)) {
			remove(entry);
			logger.warn(
					"Too many messages wait behind a question in conversation {}: one is set aside, and delivered"
							+ " again after a reconnect or a restart",
					PrintableId.of(this.conversation.conversationId()));
		}
	}

	@Override
	public void lookingEnds() {
		if (this.held) {
			this.held = false;
			next();
		}
	}

}
