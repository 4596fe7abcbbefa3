package com.pacerelle.client.dispatch;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * The places of the conversations that run at once. People and groups get them in turns,
 * not in the order of arrival: first those that have none, whatever the others have
 * waiting, and a quarter of the places is for them alone. Those that come back with an
 * answer are first.
 * <p>
 * A candidate is a {@link Runnable}: it is called when there is a free place and takes
 * it, if it needs one.
 */
final class Places {

	private final int number;

	private final int reserve;

	private final Executor executor;

	/** The candidates of those that have no place. */
	private final Map<String, Queue<Runnable>> without = new LinkedHashMap<>();

	/** The candidates of those that have one or more. */
	private final Map<String, Queue<Runnable>> with = new LinkedHashMap<>();

	/** How many places each one has. */
	private final Map<String, Integer> held = new HashMap<>();

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
		this.reserve = number / 4;
		this.executor = executor;
	}

	/**
	 * Waits for a place.
	 * @param owner the person or group that gets it
	 * @param candidate called when there is one
	 */
	void queue(String owner, Runnable candidate) {
		if (!this.closed) {
			(this.held.containsKey(owner) ? this.with : this.without)
				.computeIfAbsent(owner, (key) -> new ArrayDeque<>(2))
				.add(candidate);
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
	 * Calls candidates until all places are taken.
	 */
	void fill() {
		while (!this.returning.isEmpty() && (this.closed || free() > 0)) {
			this.returning.remove().run();
		}
		Runnable next = next();
		while (next != null) {
			next.run();
			next = next();
		}
	}

	private @Nullable Runnable next() {
		if (free() > 0 && !this.without.isEmpty()) {
			return next(this.without);
		}
		return (free() > this.reserve && !this.with.isEmpty()) ? next(this.with) : null;
	}

	/** Whoever had a turn waits behind the others. */
	private static Runnable next(Map<String, Queue<Runnable>> candidates) {
		Iterator<Map.Entry<String, Queue<Runnable>>> entries = candidates.entrySet().iterator();
		Map.Entry<String, Queue<Runnable>> first = entries.next();
		String owner = first.getKey();
		Queue<Runnable> queue = first.getValue();
		entries.remove();
		Runnable candidate = queue.remove();
		if (!queue.isEmpty()) {
			candidates.put(owner, queue);
		}
		return candidate;
	}

	private int free() {
		return this.number - this.taken;
	}

	void take(String owner) {
		this.taken++;
		if (this.held.merge(owner, 1, Integer::sum) == 1) {
			move(owner, this.without, this.with);
		}
	}

	void leave(String owner) {
		this.taken--;
		if (this.held.computeIfPresent(owner, (key, places) -> (places > 1) ? places - 1 : null) == null) {
			move(owner, this.with, this.without);
		}
	}

	private static void move(String owner, Map<String, Queue<Runnable>> from, Map<String, Queue<Runnable>> to) {
		Queue<Runnable> queue = from.remove(owner);
		if (queue != null) {
			to.put(owner, queue);
		}
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
		this.with.clear();
		this.without.clear();
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
