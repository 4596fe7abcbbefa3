package com.pacerelle.client.outbound;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.pacerelle.client.connection.FrameWriter;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.OutboundFrame;
import org.jspecify.annotations.Nullable;

/**
 * How far the current session is behind the store: after a reconnect, or when the window
 * was full, frames are read from the store page by page, and acknowledgements wait for
 * the frames before them. Guarded by the lock of the outbox, but for {@link #read}.
 */
final class CatchUp {

	private static final int PAGE = 32;

	/** What is left out beyond this is acknowledged when it is replayed. */
	private static final int MAX_WAITING_ACKS = 10_000;

	private final AgentStore store;

	private final Deque<Ack> waitingAcks = new ArrayDeque<>();

	/** Every committed frame up to this sequence was written to the session. */
	private long written;

	private boolean behind;

	private boolean scheduled;

	CatchUp(AgentStore store) {
		this.store = store;
	}

	/**
	 * Begins with the first frame that no session before has delivered.
	 */
	void restart() {
		this.written = 0;
		this.behind = true;
	}

	/**
	 * Has the frames from here on read from the store.
	 */
	void fallBehind() {
		this.behind = true;
	}

	boolean isBehind() {
		return this.behind;
	}

	/**
	 * Whether a task is to be started that reads pages until there is none.
	 * @return whether there is something to be read, and nobody does
	 */
	boolean schedule() {
		boolean start = this.behind && !this.scheduled;
		this.scheduled = this.scheduled || start;
		return start;
	}

	/**
	 * Decides what to read next. The task ends when it is {@code null}.
	 * @param session to be written to, or {@code null} if there is none
	 * @param settled up to where every transaction is settled
	 * @param windowFull whether nothing can be written now
	 * @return the page, or {@code null} if there is nothing to be written now
	 */
	@Nullable Page next(@Nullable FrameWriter session, long settled, boolean windowFull) {
		if (session != null && this.written >= settled) {
			this.behind = false;
		}
		if (session == null || !this.behind || windowFull) {
			this.scheduled = false;
			return null;
		}
		return new Page(session, this.written, settled);
	}

	/**
	 * Reads a page; blocks, so not under the lock.
	 * @param page which one
	 * @return its frames, and those that were committed after it was decided on
	 */
	List<OutboundFrame> read(Page page) {
		return this.store.undelivered(page.after(), PAGE);
	}

	/**
	 * Notes that a page is written.
	 * @param page the page
	 * @param frames what was read
	 */
	void advance(Page page, List<OutboundFrame> frames) {
		boolean last = frames.size() < PAGE || frames.get(PAGE - 1).sequence() >= page.upTo();
		this.written = last ? page.upTo() : frames.get(PAGE - 1).sequence();
	}

	/**
	 * Notes that everything up to here is written.
	 * @param sequence the sequence of the last frame
	 */
	void advance(long sequence) {
		this.written = sequence;
	}

	/**
	 * Whether everything up to here is written.
	 * @param sequence the sequence of the last frame
	 * @return whether it is
	 */
	boolean isWritten(long sequence) {
		return sequence <= this.written;
	}

	/**
	 * The task has failed; the next one starts where it stopped.
	 */
	void abandon() {
		this.scheduled = false;
	}

	/**
	 * Keeps an acknowledgement until the frames before it are written.
	 * @param json the acknowledgement
	 * @param after the sequence of the last frame before it
	 */
	void acknowledge(String json, long after) {
		if (this.waitingAcks.size() < MAX_WAITING_ACKS) {
			this.waitingAcks.add(new Ack(json, after));
		}
	}

	/**
	 * The acknowledgements that wait for no frame any more.
	 * @return them, once
	 */
	List<String> takeAcks() {
		List<String> acks = new ArrayList<>();
		while (!this.waitingAcks.isEmpty() && isWritten(this.waitingAcks.element().after())) {
			acks.add(this.waitingAcks.remove().json());
		}
		return acks;
	}

	/**
	 * Forgets the acknowledgements of a session that is closed.
	 */
	void clear() {
		this.waitingAcks.clear();
	}

	/**
	 * Frames in the store, all of whose transactions are settled.
	 *
	 * @param session to be written to
	 * @param after the sequence of the last frame before the page
	 * @param upTo the sequence of the last frame that may be on the page
	 */
	record Page(FrameWriter session, long after, long upTo) {
	}

	private record Ack(String json, long after) {
	}

}
