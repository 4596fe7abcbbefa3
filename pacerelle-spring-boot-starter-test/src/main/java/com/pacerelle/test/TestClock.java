package com.pacerelle.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import com.pacerelle.client.TimeSource;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The time of the agent under test. It goes on as always, and a test can move it forward:
 * questions expire, and permissions end, without waiting. Retries and the connection keep
 * their own pace.
 * <p>
 * It does not go back: the other tests with the same context have the later time, too.
 */
public final class TestClock {

	private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

	private final Clock clock = new MovedClock(Clock.systemUTC());

	private final List<Timer> timers = new CopyOnWriteArrayList<>();

	TestClock() {
	}

	/**
	 * The clock, for beans of the application that need one.
	 * @return a clock with the time of the agent
	 */
	public Clock clock() {
		return this.clock;
	}

	/**
	 * Moves the time forward, and ends what is over then.
	 * @param duration how far
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException("'duration' must not be negative: " + duration);
		}
		this.ahead.updateAndGet((before) -> before.plus(duration));
		this.timers.forEach((timer) -> timer.runIfDue(this.clock.instant()));
	}

	TimeSource timeSource() {
		return new TimeSource(this.clock, new Timers());
	}

	private final class MovedClock extends Clock {

		private final Clock real;

		MovedClock(Clock real) {
			this.real = real;
		}

		@Override
		public Instant instant() {
			return this.real.instant().plus(TestClock.this.ahead.get());
		}

		@Override
		public ZoneId getZone() {
			return this.real.getZone();
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return new MovedClock(this.real.withZone(zone));
		}

	}

	/**
	 * Runs tasks when their time comes by itself, or earlier when the clock is moved.
	 */
	private final class Timers implements Scheduler {

		@Override
		public Disposable schedule(Runnable task) {
			return Schedulers.parallel().schedule(task);
		}

		@Override
		public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
			Duration wait = Duration.of(delay, unit.toChronoUnit());
			Timer timer = new Timer(task, TestClock.this.clock.instant().plus(wait));
			TestClock.this.timers.add(timer);
			timer.start(wait);
			// The clock may have been moved meanwhile.
			timer.runIfDue(TestClock.this.clock.instant());
			return timer;
		}

		@Override
		public Worker createWorker() {
			return Schedulers.parallel().createWorker();
		}

	}

	private final class Timer implements Disposable {

		private final Runnable task;

		private final Instant due;

		private final Disposable.Swap waiting = Disposables.swap();

		Timer(Runnable task, Instant due) {
			this.task = task;
			this.due = due;
		}

		void start(Duration wait) {
			this.waiting.update(Schedulers.parallel().schedule(this::run, wait.toNanos(), TimeUnit.NANOSECONDS));
		}

		void runIfDue(Instant now) {
			if (!this.due.isAfter(now)) {
				this.waiting.update(Schedulers.parallel().schedule(this::run));
			}
		}

		private void run() {
			// Whoever comes first, the timer or the clock.
			if (TestClock.this.timers.remove(this)) {
				this.task.run();
			}
		}

		@Override
		public void dispose() {
			TestClock.this.timers.remove(this);
			this.waiting.dispose();
		}

		@Override
		public boolean isDisposed() {
			return this.waiting.isDisposed();
		}

	}

}
