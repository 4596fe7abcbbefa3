package com.pacerelle.client.outbound;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Frames that the relay has read, and may lose if it fails now. They are kept for a
 * while. Guarded by the lock of the outbox; times are of {@link System#nanoTime()}.
 */
final class HeldFrames {

	private final long nanos;

	private final Deque<Held> frames = new ArrayDeque<>();

	/**
	 * Creates an empty one.
	 * @param duration how long frames are kept
	 */
	HeldFrames(Duration duration) {
		this.nanos = duration.toNanos();
	}

	/**
	 * Keeps frames.
	 * @param sequences their sequences
	 * @param now the time
	 */
	void add(List<Long> sequences, long now) {
		if (!sequences.isEmpty()) {
			this.frames.add(new Held(sequences, now + this.nanos));
		}
	}

	/**
	 * Takes those that were kept long enough.
	 * @param now the time
	 * @return their sequences
	 */
	List<Long> takeDue(long now) {
		List<Long> due = new ArrayList<>();
		for (Held head = this.frames.peek(); head != null && head.until() - now <= 0; head = this.frames.peek()) {
			due.addAll(head.sequences());
			this.frames.remove();
		}
		return due;
	}

	/**
	 * How long until some are due.
	 * @param now the time
	 * @return nanoseconds, or {@link Long#MAX_VALUE} if there are none
	 */
	long nanosUntilDue(long now) {
		Held head = this.frames.peek();
		return (head != null) ? Math.max(0, head.until() - now) : Long.MAX_VALUE;
	}

	/**
	 * Keeps none of them any longer.
	 * @param now the time
	 */
	void release(long now) {
		List<Long> all = new ArrayList<>();
		this.frames.forEach((each) -> all.addAll(each.sequences()));
		clear();
		if (!all.isEmpty()) {
			this.frames.add(new Held(all, now));
		}
	}

	/**
	 * Forgets them: they are not delivered.
	 */
	void clear() {
		this.frames.clear();
	}

	private record Held(List<Long> sequences, long until) {
	}

}
