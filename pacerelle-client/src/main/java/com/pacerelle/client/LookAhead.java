package com.pacerelle.client;

import java.util.Collection;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tasks of a lane that wait, one after the other, while they may pass: one
 * of them may be the answer for which the turn waits.
 */
final class LookAhead {

	private static final Logger logger = LoggerFactory.getLogger(LookAhead.class);

	private final Collection<Entry> entries;

	private final Executor change;

	private final Executor executor;

	private final Listener listener;

	/** How often it was said that tasks may pass. */
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
	 * Lets tasks pass from now on. All are looked at, also those that were before.
	 */
	void allow() {
		this.allowed++;
		this.entries.forEach((entry) -> entry.looked = false);
		look();
	}

	/**
	 * Lets no task pass any more.
	 * @param times how many calls of {@link #allow()} are taken back
	 */
	void forbid(int times) {
		this.allowed -= times;
	}

	boolean isAllowed() {
		return this.allowed > 0;
	}

	/**
	 * Looks at the tasks that were not looked at yet, if they may pass.
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
				boolean done = pass(looked.task);
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

		private static boolean pass(Task task) {
			try {
				return task.pass();
			}
			catch (RuntimeException ex) {
				logger.debug("A message could not be looked at ahead of its turn: {}", Failures.describe(ex));
				return false;
			}
		}

	}

}
