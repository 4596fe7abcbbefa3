package com.pacerelle.client.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Probes one connection with pings, at most one at a time. A pong shows two things: the
 * relay is there, and it has read every frame that was written before the ping. Confined
 * to the connection's event loop; times are of {@link System#nanoTime()}.
 */
final class Heartbeat {

	/** Frames written within this time share a ping. */
	static final long CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

	/** A relay that sends but never answers is given up after so many timeouts. */
	private static final int LATEST_PONG = 6;

	private final long interval;

	private final long timeout;

	private long lastPing;

	private long lastHeard;

	private boolean awaitingPong;

	private boolean paused;

	private long pingNumber;

	private long pingedSequence;

	Heartbeat(Duration interval, Duration timeout, long now) {
		this.interval = interval.toNanos();
		this.timeout = timeout.toNanos();
		this.lastPing = now - this.interval;
		this.lastHeard = now;
	}

	/**
	 * How long until the next ping may be written.
	 * @param now the time
	 * @param writtenSequence the sequence of the frame written last
	 * @return nanoseconds, 0 or less if it is time, {@link Long#MAX_VALUE} while a pong
	 * is awaited
	 */
	long nanosUntilPing(long now, long writtenSequence) {
		if (this.awaitingPong) {
			return Long.MAX_VALUE;
		}
		long pause = (writtenSequence > this.pingedSequence) ? Math.min(CONFIRMATION_NANOS, this.interval)
				: this.interval;
		return this.lastPing + pause - now;
	}

	/**
	 * Notes that a ping is written.
	 * @param now the time
	 * @param writtenSequence the sequence of the frame written last
	 * @return the number that the ping carries
	 */
	long ping(long now, long writtenSequence) {
		this.lastPing = now;
		this.awaitingPong = true;
		this.pingedSequence = writtenSequence;
		return ++this.pingNumber;
	}

	/**
	 * Notes a pong.
	 * @param number the number it carries
	 * @return whether it answers the ping that is awaited
	 */
	boolean pong(long number) {
		if (!this.awaitingPong || number != this.pingNumber) {
			return false;
		}
		this.awaitingPong = false;
		return true;
	}

	/**
	 * Up to which frame the last answered ping confirms.
	 * @return the sequence
	 */
	long pingedSequence() {
		return this.pingedSequence;
	}

	/**
	 * Notes that bytes were received.
	 * @param now the time
	 */
	void received(long now) {
		this.lastHeard = now;
	}

	/**
	 * Notes that nothing is read any more, so that no pong can be seen either.
	 */
	void pause() {
		this.paused = true;
	}

	/**
	 * Notes that frames are read again.
	 * @param now the time
	 */
	void resume(long now) {
		this.paused = false;
		this.lastHeard = now;
		if (this.awaitingPong) {
			this.lastPing = now;
		}
	}

	/**
	 * Whether the relay is gone: a ping was not answered in time, although this side
	 * reads. Bytes that come in give it more time, because a pong may wait behind them.
	 * @param now the time
	 * @return whether to give the connection up
	 */
	boolean isDead(long now) {
		if (!this.awaitingPong || this.paused) {
			return false;
		}
		long silence = now - Math.max(this.lastPing, this.lastHeard);
		return silence > this.timeout || now - this.lastPing > LATEST_PONG * this.timeout;
	}

}
