package com.pacerelle.client.dispatch;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The places of the conversations that run at once. Places are given in order of arrival;
 * those that come back with an answer are first.
 * <p>
 * A candidate is a {@link Runnable}: it is called when there is a free place and takes
 * it, if it needs one.
 */
final class Places {

	private final int number;

	private final Executor executor;

	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private final Queue<Runnable> returning = new ArrayDeque<>();

	private final Set<Thread> threads = new HashSet<>();

	private int taken;

	/** Also read between two steps. */
	private volatile boolean closed;

	/**
	 * Creates the places.
	 * @param number how many
	 * @param executor runs what has a place
	 */
	Places(int number, Executor executor) {
		this.number = number;
		this.executor = executor;
	}

	/**
	 * Waits for a place.
	 * @param candidate called when there is one
	 */
	void queue(Runnable candidate) {
		if (!this.closed) {
			this.waiting.add(candidate);
		}
	}

	/**
	 * Waits for a place ahead of those that have not begun. After {@link #close()} it
	 * needs none.
	 * @param candidate called when there is one
	 */
	void queueReturning(Runnable candidate) {
		this.returning.add(candidate);
	}

	/**
	 * Removes a candidate.
	 * @param candidate the candidate
	 * @return whether it was waiting
	 */
	boolean withdraw(Runnable candidate) {
		return this.waiting.remove(candidate);
	}

	/**
	 * Calls candidates until all places are taken.
	 */
	void fill() {
		while (!this.returning.isEmpty() && (this.closed || isFree())) {
			this.returning.remove().run();
		}
		while (!this.waiting.isEmpty() && isFree()) {
			this.waiting.remove().run();
		}
	}

	private boolean isFree() {
		return this.taken < this.number;
	}

	void take() {
		this.taken++;
	}

	void leave() {
		this.taken--;
	}

	/**
	 * Runs what has a place, after this step.
	 * @param work what to run
	 */
	void run(Runnable work) {
		this.executor.execute(work);
	}

	/**
	 * The current thread begins to work.
	 * @return whether it may: not after {@link #close()}
	 */
	boolean enter() {
		return !this.closed && this.threads.add(Thread.currentThread());
	}

	/**
	 * The current thread stops working. A late interrupt must not affect what it does
	 * next.
	 */
	void exit() {
		this.threads.remove(Thread.currentThread());
		Thread.interrupted();
	}

	/**
	 * Lets nothing begin any more.
	 */
	void close() {
		this.closed = true;
		this.waiting.clear();
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Whether nobody has a place, and no thread works.
	 */
	boolean isIdle() {
		return this.taken == 0 && this.threads.isEmpty();
	}

	void interrupt() {
		this.threads.forEach(Thread::interrupt);
	}

}
