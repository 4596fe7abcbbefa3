package com.pacerelle.client.encryption;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import com.pacerelle.client.HandlingSettings;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Deletes what is old, a little at a time: replaced prekeys, unused one-time prekeys,
 * receipts, widgets, dead letters.
 * <p>
 * The clock of the machine does not decide alone, because it may jump: records grow old
 * with a time that never is ahead of the clock, and catches up with it only twice as fast
 * as the time that this process sees passing. So a clock that is months ahead for a day
 * deletes what is two days older, and an agent that did not run for a month keeps its
 * records a month longer, at most.
 */
public final class Retention {

	/**
	 * How long replaced prekeys, unused one-time prekeys, receipts and widgets are kept:
	 * messages that are older, or made for an older bundle, cannot be read any more.
	 */
	static final Duration DURATION = Duration.ofDays(60);

	/** A batch each time keeps up with a hundred messages a second. */
	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private static final Duration SAVING = Duration.ofHours(1);

	private static final Duration NOTABLE = Duration.ofDays(1);

	private static final int CATCHING_UP = 2;

	private static final Logger logger = LoggerFactory.getLogger(Retention.class);

	private final HandlingSettings settings;

	private final AgentStore store;

	private final Clock clock;

	private final LongSupplier nanos;

	private @Nullable Instant time;

	private @Nullable Instant saved;

	private long last;

	private boolean noted;

	private volatile @Nullable Disposable timer;

	/**
	 * Creates a retention.
	 * @param settings say how long dead letters are kept
	 * @param store where old records are
	 * @param clock tells the time
	 */
	public Retention(HandlingSettings settings, AgentStore store, Clock clock) {
		this(settings, store, clock, System::nanoTime);
	}

	Retention(HandlingSettings settings, AgentStore store, Clock clock, LongSupplier nanos) {
		this.settings = settings;
		this.store = store;
		this.clock = clock;
		this.nanos = nanos;
	}

	/**
	 * Starts to delete.
	 * @param scheduler a timer whose tasks may block
	 */
	public void start(Scheduler scheduler) {
		this.timer = scheduler.schedulePeriodically(this::run, INTERVAL.toNanos(), INTERVAL.toNanos(),
				TimeUnit.NANOSECONDS);
	}

	/**
	 * Deletes nothing any more.
	 */
	public void stop() {
		Disposable current = this.timer;
		if (current != null) {
			current.dispose();
		}
	}

	/** A failure is met again by the next batch: it ends nothing. */
	private void run() {
		try {
			deleteSome();
		}
		catch (RuntimeException | Error ex) {
			logger.debug("Nothing old could be deleted, next attempt soon: {}", Failures.describe(ex));
		}
	}

	/**
	 * Deletes the next batch.
	 */
	synchronized void deleteSome() {
		Instant now = pass();
		Instant old = now.minus(DURATION);
		List<Change> changes = new ArrayList<>();
		changes.add(new Change.Expired(old, old));
		changes.add(new Change.DeadLettersExpired(now.minus(this.settings.deadLetterRetention()),
				this.settings.maxDeadLetters(), now));
		Instant before = this.saved;
		boolean saving = before == null || Duration.between(before, now).abs().compareTo(SAVING) >= 0;
		if (saving) {
			changes.add(new Change.TimePassed(now));
		}
		this.store.commitAndWait(changes);
		if (saving) {
			this.saved = now;
		}
	}

	private Instant pass() {
		Instant now = this.clock.instant();
		long nanos = this.nanos.getAsLong();
		Instant since = this.time;
		if (since == null) {
			since = this.store.timePassed();
			this.last = nanos;
		}
		Instant reached = (since != null) ? since.plusNanos(CATCHING_UP * Math.max(0, nanos - this.last)) : now;
		this.last = nanos;
		this.time = reached.isBefore(now) ? reached : now;
		note(Duration.between(this.time, now));
		return this.time;
	}

	private void note(Duration ahead) {
		boolean notable = ahead.compareTo(NOTABLE) > 0;
		if (notable && !this.noted) {
			logger.warn(
					"The clock is {} hours ahead of the time that this agent has seen passing: unless it did not"
							+ " run for so long, correct the clock. Old records are deleted later meanwhile",
					ahead.toHours());
		}
		this.noted = notable;
	}

}
