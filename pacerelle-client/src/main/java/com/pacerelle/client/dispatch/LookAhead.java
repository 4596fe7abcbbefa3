package com.pacerelle.client.dispatch;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

import com.pacerelle.client.event.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the waiting tasks of a lane, one after the other, while this is allowed, as
 * one of them may be the answer that the turn waits for, and while they are crowded, as
 * only their ids stay in memory then.
 */
final class LookAhead {

	private static final Logger logger = LoggerFactory.getLogger(LookAhead.class);

	/** Then another lane has its turn. */
	private static final int LOOKS_IN_A_ROW = 16;

	private final Collection<Entry> entries;

	private final Executor change;

	private final Executor executor;

	private final Listener listener;

	/** What was not looked at yet, and what has begun or is gone since. */
	private final Queue<Entry> unseen = new ArrayDeque<>(4);

	/** How many calls of {@link #allow()} are in effect. */
	private int allowed;

	private boolean looking;

	private @Nullable Entry current;

	private boolean stopped;

	/**
	 * Creates a look-ahead.
	 * @param entries the tasks of the lane
	 * @param change takes the steps
	 * @param executor looks at tasks
	 * @param listener told what was found, in steps
	 */
	LookAhead(Collection<Entry> entries, Executor change, Executor executor, Listener listener) {
		this.entries = entries;
		this.change = change;
		this.executor = executor;
		this.listener = listener;
	}

	/**
	 * Takes a task to look at.
	 * @param entry the task, of the lane or only passing
	 */
	void add(Entry entry) {
		this.unseen.add(entry);
		look();
	}

	/**
	 * Allows to look ahead. All tasks are looked at, also those that were before.
	 */
	void allow() {
		this.allowed++;
		this.unseen.removeIf((entry) -> !entry.passing);
		this.unseen.addAll(this.entries);
		look();
	}

	/**
	 * Takes back calls of {@link #allow()}.
	 * @param times how many
	 */
	void forbid(int times) {
		this.allowed -= times;
		if (!isAllowed()) {
			List<Entry> passing = this.unseen.stream().filter((entry) -> entry.passing).toList();
			this.unseen.removeAll(passing);
			passing.forEach((entry) -> this.listener.looked(entry, Outcome.FAILED));
		}
	}

	boolean isAllowed() {
		return this.allowed > 0;
	}

	/**
	 * Looks at the tasks that were not looked at yet, if this is allowed or needed.
	 */
	void look() {
		if (!this.looking && next() != null) {
			this.looking = true;
			this.executor.execute(new Look());
		}
	}

	/**
	 * Whether a task is looked at: meanwhile it must not begin.
	 * @param entry the task
	 */
	boolean isAt(Entry entry) {
		return this.current == entry;
	}

	boolean isLooking() {
		return this.looking;
	}

	void stop() {
		this.stopped = true;
	}

	private @Nullable Entry next() {
		if (this.stopped || !(isAllowed() || this.listener.isCrowded())) {
			return null;
		}
		Iterator<Entry> candidates = this.unseen.iterator();
		while (candidates.hasNext()) {
			Entry candidate = candidates.next();
			if (!candidate.begun && !candidate.gone) {
				return candidate;
			}
			candidates.remove();
		}
		return null;
	}

	/**
	 * A task and what is known of it.
	 */
	static final class Entry {

		final Task task;

		final int size;

		/** It gets no turn: it is looked at, and left at the relay. */
		final boolean passing;

		/** It has its turn, or pauses. */
		boolean begun;

		/** It is not in the lane any more. */
		boolean gone;

		/** Only its id is in memory. */
		boolean stored;

		Entry(Task task, int size) {
			this(task, size, false);
		}

		Entry(Task task, int size, boolean passing) {
			this.task = task;
			this.size = size;
			this.passing = passing;
		}

	}

	/**
	 * Told what was found.
	 */
	interface Listener {

		/** Whether waiting tasks take so much memory that only ids may stay. */
		boolean isCrowded();

		/**
		 * A task was looked at. It may be removed from the lane, or begin.
		 * @param entry the task
		 * @param outcome what has become of it
		 */
		void looked(Entry entry, Outcome outcome);

		/** Nothing is looked at for now. */
		void lookingEnds();

	}

	/**
	 * What has become of a task.
	 */
	enum Outcome {

		/** Nothing is left to do for it. */
		DONE,

		/** It waits for its turn, and needs no memory. */
		STORED,

		/** It waits for its turn as it is. */
		FAILED

	}

	/**
	 * Some looks, on one thread.
	 */
	private final class Look implements Runnable {

		/** Touched by the thread that looks, and by no other. */
		private @Nullable Entry entry;

		private int looks;

		@Override
		public void run() {
			LookAhead.this.change.execute(this::advance);
			Entry looked = this.entry;
			while (looked != null) {
				Entry found = looked;
				Outcome outcome = look(found.task);
				LookAhead.this.change.execute(() -> {
					LookAhead.this.current = null;
					LookAhead.this.listener.looked(found, outcome);
					advance();
				});
				looked = this.entry;
			}
		}

		private void advance() {
			Entry next = next();
			this.entry = null;
			if (next == null) {
				LookAhead.this.looking = false;
				LookAhead.this.listener.lookingEnds();
			}
			else if (++this.looks > LOOKS_IN_A_ROW) {
				LookAhead.this.executor.execute(new Look());
			}
			else {
				LookAhead.this.unseen.remove();
				LookAhead.this.current = next;
				this.entry = next;
			}
		}

		private static Outcome look(Task task) {
			try {
				return task.lookAhead() ? Outcome.DONE : Outcome.STORED;
			}
			catch (RuntimeException | Error ex) {
				// Errors as well: else the look would never end, and the lane stay
				// blocked.
				logger.debug("A message could not be looked at ahead of its turn: {}", Failures.describe(ex));
				return Outcome.FAILED;
			}
		}

	}

}
