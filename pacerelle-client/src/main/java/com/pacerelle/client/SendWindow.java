package com.pacerelle.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
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
		return confirmed;
	}

	/**
	 * Whether the next frame has to wait for a confirmation.
	 * @return whether nothing more is to be written
	 */
	boolean isFull() {
		return this.unconfirmed.size() >= MAX_FRAMES || this.chars >= MAX_CHARS;
	}

	boolean isEmpty() {
		return this.unconfirmed.isEmpty();
	}

	/**
	 * The largest frame that is not confirmed.
	 * @return the frame, or {@code null} if there is none
	 */
	@Nullable Written largest() {
		return this.unconfirmed.stream().max(Comparator.comparingInt(Written::chars)).orElse(null);
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
