package com.pacerelle.client.outbound;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.pacerelle.client.store.OutboundFrame;
import org.jspecify.annotations.Nullable;

/**
 * What is written to the current session and not confirmed, as far as memory holds it.
 * Guarded by the lock of the outbox.
 */
final class SendWindow {

	private static final int MAX_FRAMES = 1024;

	private static final long MAX_CHARS = 8 * 1024 * 1024;

	private final Deque<Written> unconfirmed = new ArrayDeque<>();

	private long chars;

	/** Frames up to this one are written one at a time, or 0. */
	private long narrowUpTo;

	void add(OutboundFrame frame) {
		this.unconfirmed.add(new Written(frame.sequence(), frame.json().length()));
		this.chars += frame.json().length();
	}

	/**
	 * Forgets what the relay has read.
	 * @param sequence the last frame that it has read
	 * @return the sequences of the frames that are confirmed now
	 */
	List<Long> confirm(long sequence) {
		List<Long> confirmed = new ArrayList<>();
		for (Written head = this.unconfirmed.peek(); head != null
				&& head.sequence() <= sequence; head = this.unconfirmed.peek()) {
			this.unconfirmed.remove();
			this.chars -= head.chars();
			confirmed.add(head.sequence());
		}
		passed(sequence);
		return confirmed;
	}

	/**
	 * Whether the next frame has to wait for a confirmation.
	 * @return whether nothing more is to be written
	 */
	boolean isFull() {
		return this.unconfirmed.size() >= (isNarrow() ? 1 : MAX_FRAMES) || this.chars >= MAX_CHARS;
	}

	boolean isEmpty() {
		return this.unconfirmed.isEmpty();
	}

	/**
	 * Has frames written one at a time until those that are not confirmed now are: it
	 * shows which of them the relay refuses.
	 */
	void narrow() {
		Written last = this.unconfirmed.peekLast();
		this.narrowUpTo = (last != null) ? Math.max(last.sequence(), this.narrowUpTo) : this.narrowUpTo;
	}

	/**
	 * Notes that a frame is not in the way any more.
	 * @param sequence the frame
	 */
	void passed(long sequence) {
		if (sequence >= this.narrowUpTo) {
			widen();
		}
	}

	void widen() {
		this.narrowUpTo = 0;
	}

	boolean isNarrow() {
		return this.narrowUpTo > 0;
	}

	/**
	 * The frame that is written alone.
	 * @return the only one that is not confirmed, or {@code null} if there are none or
	 * several, or there could have been
	 */
	@Nullable Written alone() {
		return (isNarrow() && this.unconfirmed.size() == 1) ? this.unconfirmed.element() : null;
	}

	void clear() {
		this.unconfirmed.clear();
		this.chars = 0;
	}

	/**
	 * A frame on its way.
	 *
	 * @param sequence its place in the order of sending
	 * @param chars its length
	 */
	record Written(long sequence, int chars) {
	}

}
