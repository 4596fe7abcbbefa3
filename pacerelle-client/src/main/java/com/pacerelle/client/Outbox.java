package com.pacerelle.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees frames from their commit to their delivery. A frame is written to the socket when
 * the transaction it belongs to is committed, in the order of sequences; it is delivered
 * when the relay has answered a ping that was written after it; until then it stays in
 * the store and is written again, byte for byte, to the next socket, before newer ones.
 * Memory holds a bounded window of frames that are not confirmed; when it is full, or
 * after a reconnect, frames are read from the store page by page.
 */
final class Outbox {

	private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

	private static final int PAGE = 32;

	private static final int WINDOW_FRAMES = 1024;

	private static final long WINDOW_CHARS = 8 * 1024 * 1024;

	/** What is left out beyond this is acknowledged when it is replayed. */
	private static final int MAX_WAITING_ACKS = 10_000;

	private final AgentStore store;

	private final Executor executor;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition progress = this.lock.newCondition();

	/** Transactions on their way, in the order of their sequences. */
	private final Deque<Batch> batches = new ArrayDeque<>();

	/** Written to the current session, not confirmed. */
	private final Deque<Written> unconfirmed = new ArrayDeque<>();

	/** Acknowledgements that wait for frames before them to be written. */
	private final Deque<Ack> waitingAcks = new ArrayDeque<>();

	/** Confirmed, but the store could not be told; changes on the executor only. */
	private final Set<Long> untold = new HashSet<>();

	private @Nullable GatewaySession session;

	private long reserved;

	/** Every transaction up to this sequence is committed or has failed. */
	private long settled;

	/** Every committed frame up to this sequence was written to the current session. */
	private long written;

	private long windowChars;

	private boolean catchingUp;

	private boolean catchUpScheduled;

	/**
	 * Creates an outbox.
	 * @param store where the frames are
	 * @param executor reads pages and commits deliveries, one task at a time
	 */
	Outbox(AgentStore store, Executor executor) {
		this.store = store;
		this.executor = executor;
		this.reserved = store.lastSequence();
		this.settled = this.reserved;
	}

	/**
	 * Commits frames together with the changes they come from, waits for the commit, then
	 * has them written.
	 * @param changes the changes
	 * @param frames the frames in their order
	 * @param acks the acknowledgements to be written after them
	 * @throws com.pacerelle.client.store.StoreException if nothing was committed
	 */
	void commit(List<Change> changes, List<String> frames, List<String> acks) {
		Batch batch = reserve(frames, acks);
		boolean committed = false;
		try {
			List<Change> all = new ArrayList<>(changes);
			batch.frames.forEach((frame) -> all.add(new Change.FrameQueued(frame)));
			this.store.commitAndWait(all);
			committed = true;
		}
		finally {
			settle(batch, committed);
		}
	}

	private Batch reserve(List<String> frames, List<String> acks) {
		this.lock.lock();
		try {
			List<OutboundFrame> numbered = new ArrayList<>(frames.size());
			for (String json : frames) {
				numbered.add(new OutboundFrame(++this.reserved, json));
			}
			Batch batch = new Batch(numbered, this.reserved, acks);
			this.batches.add(batch);
			return batch;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void settle(Batch batch, boolean committed) {
		this.lock.lock();
		try {
			batch.settled = true;
			batch.committed = committed;
			for (Batch head = this.batches.peek(); head != null && head.settled; head = this.batches.peek()) {
				this.batches.remove();
				this.settled = head.lastSequence;
				if (head.committed) {
					release(head);
				}
			}
			this.progress.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void release(Batch batch) {
		GatewaySession target = this.session;
		if (target == null) {
			return;
		}
		if (!this.catchingUp && isWindowFull() && !batch.frames.isEmpty()) {
			this.catchingUp = true;
		}
		if (!this.catchingUp) {
			batch.frames.forEach((frame) -> write(target, frame));
			this.written = batch.lastSequence;
		}
		else {
			scheduleCatchUp();
		}
		batch.acks.forEach((ack) -> acknowledge(ack, batch.lastSequence));
	}

	private void write(GatewaySession session, OutboundFrame frame) {
		session.write(frame.json(), frame.sequence());
		this.unconfirmed.add(new Written(frame.sequence(), frame.json().length()));
		this.windowChars += frame.json().length();
	}

	/**
	 * Writes an acknowledgement of a message that was accepted before.
	 * @param ack the frame
	 */
	void acknowledge(String ack) {
		this.lock.lock();
		try {
			acknowledge(ack, 0);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void acknowledge(String ack, long after) {
		if (this.session == null) {
			return;
		}
		if (after <= this.written) {
			this.session.write(ack, 0);
		}
		else if (this.waitingAcks.size() < MAX_WAITING_ACKS) {
			this.waitingAcks.add(new Ack(ack, after));
		}
	}

	private boolean isWindowFull() {
		return this.unconfirmed.size() >= WINDOW_FRAMES || this.windowChars >= WINDOW_CHARS;
	}

	/**
	 * Writes to this session from now on, first of all what no session before has
	 * delivered.
	 * @param session the session
	 */
	void attach(GatewaySession session) {
		this.lock.lock();
		try {
			detach();
			this.session = session;
			this.written = 0;
			this.catchingUp = true;
			scheduleCatchUp();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Writes nothing until there is another session.
	 */
	void detach() {
		this.lock.lock();
		try {
			this.session = null;
			this.unconfirmed.clear();
			this.windowChars = 0;
			this.waitingAcks.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Notes, in the background, that the relay has read the frames up to a sequence.
	 * @param session to which they were written
	 * @param sequence the last one
	 */
	void delivered(GatewaySession session, long sequence) {
		this.executor.execute(() -> confirm(session, sequence));
	}

	private void confirm(GatewaySession session, long sequence) {
		List<Long> confirmed = takeConfirmed(session, sequence);
		if (confirmed.isEmpty()) {
			return;
		}
		// Waits, so that a page for the next session is read after this commit.
		try {
			this.store.commitAndWait(List.of(new Change.FramesDelivered(confirmed)));
		}
		catch (StoreException ex) {
			logger.warn("The store could not note that {} frames are delivered; it is told again later: {}",
					confirmed.size(), Failures.describe(ex));
			this.untold.addAll(confirmed);
		}
	}

	private List<Long> takeConfirmed(GatewaySession session, long sequence) {
		this.lock.lock();
		try {
			List<Long> confirmed = new ArrayList<>(this.untold);
			this.untold.clear();
			while (this.session == session && !this.unconfirmed.isEmpty()
					&& this.unconfirmed.element().sequence() <= sequence) {
				Written frame = this.unconfirmed.remove();
				this.windowChars -= frame.chars();
				confirmed.add(frame.sequence());
			}
			scheduleCatchUp();
			this.progress.signalAll();
			return confirmed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void scheduleCatchUp() {
		if (this.catchingUp && !this.catchUpScheduled) {
			this.catchUpScheduled = true;
			this.executor.execute(this::catchUp);
		}
	}

	private void catchUp() {
		for (Page page = nextPage(); page != null; page = nextPage()) {
			try {
				writePage(page, this.store.undelivered(page.after(), PAGE));
			}
			catch (StoreException ex) {
				logger.warn("The store could not be read, the connection is opened again: {}", Failures.describe(ex));
				abandonCatchUp();
				page.session().close("the store could not be read");
				return;
			}
		}
	}

	/**
	 * Decides what to read next.
	 * @return the page, or {@code null} if there is nothing to be written now
	 */
	private @Nullable Page nextPage() {
		this.lock.lock();
		try {
			GatewaySession target = this.session;
			if (target != null && this.written >= this.settled) {
				this.catchingUp = false;
				this.progress.signalAll();
			}
			if (target == null || !this.catchingUp || isWindowFull()) {
				this.catchUpScheduled = false;
				return null;
			}
			return new Page(target, this.written, this.settled);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writePage(Page page, List<OutboundFrame> frames) {
		this.lock.lock();
		try {
			if (this.session != page.session()) {
				return;
			}
			for (OutboundFrame frame : frames) {
				if (frame.sequence() <= page.upTo() && !this.untold.contains(frame.sequence())) {
					write(page.session(), frame);
				}
			}
			boolean last = frames.size() < PAGE || frames.get(PAGE - 1).sequence() >= page.upTo();
			this.written = last ? page.upTo() : frames.get(PAGE - 1).sequence();
			while (!this.waitingAcks.isEmpty() && this.waitingAcks.element().after() <= this.written) {
				page.session().write(this.waitingAcks.remove().json(), 0);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void abandonCatchUp() {
		this.lock.lock();
		try {
			this.catchUpScheduled = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives up the largest frame that is not confirmed: the relay has closed the
	 * connection because of it, would do so again, and no other frame would ever get
	 * through.
	 */
	void giveUpLargest() {
		Written largest;
		this.lock.lock();
		try {
			largest = this.unconfirmed.stream().max(Comparator.comparingInt(Written::chars)).orElse(null);
		}
		finally {
			this.lock.unlock();
		}
		if (largest != null) {
			logger.error("The relay refuses a message of {} bytes as too large, it is given up: send shorter texts, or"
					+ " lower 'maxFrameSize' to what the relay takes", largest.chars());
			this.store.commitAndWait(List.of(new Change.FramesDelivered(List.of(largest.sequence()))));
		}
	}

	/**
	 * Whether frames are written as soon as they are committed.
	 * @return whether there is a session, and nothing older is to be written first
	 */
	boolean keepsUp() {
		this.lock.lock();
		try {
			return this.session != null && !this.catchingUp;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until all frames are delivered, as far as there is a connection.
	 * @param limit how long
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	void awaitDelivered(Duration limit) throws InterruptedException {
		this.lock.lock();
		try {
			long nanos = limit.toNanos();
			while (this.session != null && nanos > 0
					&& (this.catchingUp || !this.batches.isEmpty() || !this.unconfirmed.isEmpty())) {
				nanos = this.progress.awaitNanos(nanos);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Frames of one transaction.
	 */
	private static final class Batch {

		private final List<OutboundFrame> frames;

		private final long lastSequence;

		private final List<String> acks;

		private boolean settled;

		private boolean committed;

		Batch(List<OutboundFrame> frames, long lastSequence, List<String> acks) {
			this.frames = frames;
			this.lastSequence = lastSequence;
			this.acks = acks;
		}

	}

	private record Written(long sequence, int chars) {
	}

	private record Ack(String json, long after) {
	}

	/** Frames in the store, all of whose transactions are settled. */
	private record Page(GatewaySession session, long after, long upTo) {
	}

}
