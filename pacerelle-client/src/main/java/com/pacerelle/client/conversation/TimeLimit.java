package com.pacerelle.client.conversation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Schedulers;

/**
 * The time limit of a handler, paused while an answer is awaited.
 */
final class TimeLimit {

	private final boolean limited;

	private final Disposable.Swap timer = Disposables.swap();

	private final ReentrantLock lock = new ReentrantLock();

	private Runnable onTimeout = () -> {
	};

	/** What was left, in nanoseconds, when it began to run. */
	private long remaining;

	private long runningSince;

	/** How many answers are awaited at the same time. */
	private int pauses;

	private boolean stopped;

	/**
	 * Creates a time limit that does not run yet.
	 * @param limit how long it may take, zero for ever
	 */
	TimeLimit(Duration limit) {
		this.remaining = limit.toNanos();
		this.limited = this.remaining > 0;
	}

	/**
	 * Starts the limit.
	 * @param onTimeout called when the limit is reached
	 */
	void start(Runnable onTimeout) {
		this.lock.lock();
		try {
			this.onTimeout = onTimeout;
			run();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void run() {
		this.runningSince = System.nanoTime();
		if (this.limited && !this.stopped) {
			this.timer.update(Schedulers.parallel().schedule(this::timeOut, this.remaining, TimeUnit.NANOSECONDS));
		}
	}

	private void timeOut() {
		Runnable action;
		this.lock.lock();
		try {
			if (this.pauses > 0 || this.stopped) {
				return;
			}
			action = this.onTimeout;
		}
		finally {
			this.lock.unlock();
		}
		action.run();
	}

	/**
	 * Pauses until {@link #resume()} was called as often.
	 */
	void pause() {
		this.lock.lock();
		try {
			if (this.pauses++ == 0 && this.limited) {
				this.remaining -= Math.min(System.nanoTime() - this.runningSince, this.remaining - 1);
				this.timer.update(Disposables.disposed());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void resume() {
		this.lock.lock();
		try {
			if (--this.pauses == 0) {
				run();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops for good.
	 */
	void stop() {
		this.lock.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.lock.unlock();
		}
		this.timer.dispose();
	}

}
