package com.pacerelle.client.dispatch;

import java.util.Collection;
import java.util.concurrent.Executor;

import com.pacerelle.client.event.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the waiting tasks of a lane, one after the other, while this is allowed: one
 * of them may be the answer that the turn waits for.
 */
final class LookAhead {

	private static final Logger logger = LoggerFactory.getLogger(LookAhead.class);

	private final Collection<Entry> entries;

	private final Executor change;

	private final Executor executor;

	private final Listener listener;

	/** How many calls of {@link #allow()} are in effect. */
	private int allowed;

	private boolean looking;

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
	 * Allows to look ahead. All tasks are looked at, also those that were before.
	 */
	void allow() {
		this.allowed++;
		this.entries.forEach((entry) -> entry.looked = false);
		look();
	}

	/**
	 * Takes back calls of {@link #allow()}.
	 * @param times how many
	 */
	void forbid(int times) {
		this.allowed -= times;
	}

	boolean isAllowed() {
		return this.allowed > 0;
	}

	/**
	 * Looks at the tasks that were not looked at yet, if this is allowed.
	 */
	void look() {
		if (!this.looking && isAllowed() && next() != null) {
			this.looking = true;
			this.listener.lookingBegins();
			this.executor.execute(new Look());
		}
	}

	/**
	 * Whether tasks are looked at: meanwhile none of them must begin.
	 */
	boolean isLooking() {
		return this.looking;
	}

	void stop() {
		this.stopped = true;
	}

	private @Nullable Entry next() {
		for (Entry entry : this.entries) {
			if (!entry.looked && !entry.begun) {
				return entry;
			}
		}
		return null;
	}

	/**
	 * A task and what is known of it.
	 */
	static final class Entry {

		final Task task;

		final int size;

		/** It has its turn, or pauses. */
		boolean begun;

		private boolean looked;

		Entry(Task task, int size) {
			this.task = task;
			this.size = size;
		}

	}

	/**
	 * Told what was found. It may remove the task from the lane.
	 */
	interface Listener {

		/** No task must begin until all have been looked at. */
		void lookingBegins();

		/**
		 * A task was looked at.
		 * @param entry the task
		 * @param done whether nothing is left to do for it
		 */
		void looked(Entry entry, boolean done);

		/** Tasks may begin again. */
		void lookingEnds();

	}

	/**
	 * One look at all tasks, on one thread.
	 */
	private final class Look implements Runnable {

		/** Touched by the thread that looks, and by no other. */
		private @Nullable Entry entry;

		@Override
		public void run() {
			LookAhead.this.change.execute(this::advance);
			Entry current = this.entry;
			while (current != null) {
				Entry looked = current;
				boolean done = look(looked.task);
				LookAhead.this.change.execute(() -> {
					looked.looked = true;
					LookAhead.this.listener.looked(looked, done);
					advance();
				});
				current = this.entry;
			}
		}

		private void advance() {
			this.entry = (isAllowed() && !LookAhead.this.stopped) ? next() : null;
			if (this.entry == null) {
				LookAhead.this.looking = false;
				LookAhead.this.listener.lookingEnds();
			}
		}

		private static boolean look(Task task) {
			try {
				return task.lookAhead();
			}
			catch (RuntimeException | Error ex) {
				// Errors as well: else the look would never end, and the lane stay
				// blocked.
				logger.debug("A message could not be looked at ahead of its turn: {}", Failures.describe(ex));
				return false;
			}
		}

	}

}
