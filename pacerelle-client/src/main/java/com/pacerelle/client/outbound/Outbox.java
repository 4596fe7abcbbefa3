package com.pacerelle.client.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.pacerelle.client.OutboxFullException;
import com.pacerelle.client.connection.FrameWriter;
import com.pacerelle.client.connection.SessionEnd;
import com.pacerelle.client.connection.SessionListener;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.OutboundFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Tracks frames from their commit to their delivery. A frame is written to the session
 * when the transaction it belongs to is committed, in the order of sequences. It is
 * confirmed when the relay has answered a ping that was written after it, and delivered
 * three seconds later, or when the session ends with a close frame. Until then it stays
 * in the store and is written again, byte for byte, to the next session, before newer
 * ones.
 * <p>
 * So each committed frame reaches a relay that reads it, in order, also after a crash of
 * this process. It may come more than once, with the same id: who receives it tells by
 * the id. It is lost only if the relay loses it later than three seconds after it has
 * read it, or refuses it as too large.
 * <p>
 * Memory holds a bounded window of frames that are not confirmed; when it is full, or
 * after a reconnect, frames are read from the store page by page. What fails on the way,
 * be it for lack of memory, is read from the store again. One lock guards order, window
 * and page: this is why every step between them is here.
 */
public final class Outbox implements SessionListener {

	private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

	/** How long a frame that the relay has read is kept. */
	public static final Duration HOLDING = Duration.ofSeconds(3);

	/** How many frames may wait for their delivery. */
	public static final int CAPACITY = 100_000;

	/** Deliveries share their commits. */
	private static final long RECORDING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final AgentStore store;

	private final Executor executor;

	private final Scheduler timer;

	private final Observations observations;

	/** Guards everything but what is confined to the executor. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition progress = this.lock.newCondition();

	private final CommitOrder order;

	private final SendWindow window = new SendWindow();

	private final CatchUp catchUp;

	private final HeldFrames held;

	private final int capacity;

	/** How many frames are in the store, or on their way to it. */
	private int waiting;

	/** Delivered, but not recorded in the store yet; confined to the executor. */
	private final Set<Long> unrecorded = new HashSet<>();

	/** Deliveries will be recorded. */
	private boolean recording;

	private @Nullable FrameWriter session;

	/**
	 * Creates an outbox.
	 * @param store where the frames are
	 * @param executor reads pages and commits deliveries, one task at a time
	 * @param timer wakes the executor
	 * @param holding how long a frame that the relay has read is kept
	 * @param capacity how many frames may wait for their delivery
	 * @param observations observe commits
	 */
	public Outbox(AgentStore store, Executor executor, Scheduler timer, Duration holding, int capacity,
			Observations observations) {
		this.store = store;
		this.executor = executor;
		this.timer = timer;
		this.held = new HeldFrames(holding);
		this.capacity = capacity;
		this.observations = observations;
		this.waiting = store.undeliveredCount();
		this.order = new CommitOrder(store.lastSequence());
		this.catchUp = new CatchUp(store);
	}

	/**
	 * Commits frames together with the changes they come from, waits for the commit, then
	 * has them written.
	 * @param changes the changes
	 * @param frames the frames in their order
	 * @param acks the acknowledgements to be written after them
	 * @throws OutboxFullException if too many frames wait, and nothing was committed
	 * @throws com.pacerelle.client.store.StoreException if nothing was committed; once
	 * this returns, the frames are in the store, whether they could be written or not
	 */
	void commit(List<Change> changes, List<String> frames, List<String> acks) {
		CommitOrder.Batch batch = locked(() -> reserve(frames, acks));
		boolean committed = false;
		try {
			List<Change> all = new ArrayList<>(changes);
			batch.frames().forEach((frame) -> all.add(new Change.FrameQueued(frame)));
			this.observations.observe(PacerelleObservation.COMMIT, () -> this.store.commitAndWait(all));
			committed = true;
		}
		finally {
			settle(batch, committed);
		}
	}

	private CommitOrder.Batch reserve(List<String> frames, List<String> acks) {
		if (!frames.isEmpty() && this.waiting + frames.size() > this.capacity) {
			throw new OutboxFullException(this.waiting);
		}
		CommitOrder.Batch batch = this.order.reserve(frames, acks);
		this.waiting += frames.size();
		return batch;
	}

	private void settle(CommitOrder.Batch batch, boolean committed) {
		locked(() -> {
			this.waiting -= committed ? 0 : batch.frames().size();
			this.order.settle(batch, committed);
			releaseSettled();
			this.progress.signalAll();
		});
	}

	/** Never fails: what is committed is sent, if not now, then from the store. */
	private void releaseSettled() {
		FrameWriter target = this.session;
		for (CommitOrder.Batch batch = this.order.release(); batch != null; batch = this.order.release()) {
			try {
				if (target != null) {
					release(target, batch);
				}
			}
			catch (RuntimeException | Error ex) {
				this.catchUp.fallBehind();
			}
		}
	}

	private void release(FrameWriter target, CommitOrder.Batch batch) {
		if ((this.window.isFull() || this.window.isNarrow()) && !batch.frames().isEmpty()) {
			this.catchUp.fallBehind();
		}
		if (this.catchUp.isBehind()) {
			scheduleCatchUp();
		}
		else {
			batch.frames().forEach((frame) -> write(target, frame));
			this.catchUp.advance(batch.lastSequence());
		}
		batch.acks().forEach((ack) -> acknowledge(target, ack, batch.lastSequence()));
	}

	private void write(FrameWriter target, OutboundFrame frame) {
		target.write(frame.json(), frame.sequence());
		this.window.add(frame);
	}

	/**
	 * Writes an acknowledgement of a message that was accepted before.
	 * @param ack the frame
	 */
	public void acknowledge(String ack) {
		locked(() -> {
			if (this.session != null) {
				acknowledge(this.session, ack, 0);
			}
		});
	}

	private void acknowledge(FrameWriter target, String ack, long after) {
		if (this.catchUp.isWritten(after)) {
			target.write(ack, 0);
		}
		else {
			this.catchUp.acknowledge(ack, after);
		}
	}

	/**
	 * Commits nothing: that works only if the store can be written, and no other process
	 * has taken the agent, which this one would keep messages from.
	 */
	@Override
	public void opening() {
		this.store.commitAndWait(List.of());
	}

	@Override
	public void opened(FrameWriter writer) {
		locked(() -> {
			forgetSession();
			this.session = writer;
			this.catchUp.restart();
			scheduleCatchUp();
		});
	}

	@Override
	public void closed(SessionEnd end) {
		SendWindow.Written refused = locked(() -> (this.session != null) ? closeSession(end) : null);
		if (refused != null) {
			drop(refused);
		}
	}

	/**
	 * Closes the session.
	 * @param end how it ended
	 * @return a frame that the relay has refused twice in a row, alone the second time
	 */
	private SendWindow.@Nullable Written closeSession(SessionEnd end) {
		SendWindow.Written refused = null;
		if (end == SessionEnd.FRAME_TOO_LARGE) {
			refused = this.window.alone();
			this.window.narrow();
		}
		else {
			this.window.widen();
		}
		if (end == SessionEnd.LOST) {
			this.held.clear();
		}
		else {
			this.held.release(System.nanoTime());
			this.executor.execute(this::record);
		}
		forgetSession();
		return refused;
	}

	private void forgetSession() {
		this.session = null;
		this.window.clear();
		this.catchUp.clear();
	}

	private void drop(SendWindow.Written refused) {
		logger.error("The relay refuses a message of {} bytes as too large, it is dropped: send shorter texts, or"
				+ " lower 'connection.maxFrameSize' to what the relay takes", refused.chars());
		this.store.commitAndWait(List.of(new Change.FramesDelivered(List.of(refused.sequence()))));
		locked(() -> {
			this.waiting--;
			this.window.passed(refused.sequence());
		});
	}

	@Override
	public void delivered(FrameWriter writer, long sequence) {
		this.executor.execute(() -> confirm(writer, sequence));
	}

	private void confirm(FrameWriter writer, long sequence) {
		locked(() -> {
			if (this.session == writer) {
				this.held.add(this.window.confirm(sequence), System.nanoTime());
			}
			releaseSettled();
			scheduleCatchUp();
			scheduleRecord();
			this.progress.signalAll();
		});
	}

	private void scheduleRecord() {
		long nanos = this.held.nanosUntilDue(System.nanoTime());
		if (nanos < Long.MAX_VALUE) {
			scheduleRecord(Math.max(nanos, RECORDING_NANOS));
		}
	}

	private void scheduleRecord(long nanos) {
		if (!this.recording) {
			this.timer.schedule(() -> this.executor.execute(this::record), nanos, TimeUnit.NANOSECONDS);
			this.recording = true;
		}
	}

	private void record() {
		List<Long> delivered = locked(() -> {
			this.recording = false;
			List<Long> due = this.held.takeDue(System.nanoTime());
			scheduleRecord();
			return due;
		});
		this.unrecorded.addAll(delivered);
		if (this.unrecorded.isEmpty()) {
			return;
		}
		// Waits, so that a page for the next session is read after this commit.
		try {
			this.store.commitAndWait(List.of(new Change.FramesDelivered(List.copyOf(this.unrecorded))));
			locked(() -> {
				this.waiting = Math.max(0, this.waiting - this.unrecorded.size());
			});
			this.unrecorded.clear();
		}
		catch (RuntimeException | Error ex) {
			locked(() -> scheduleRecord(RETRY_NANOS));
			logger.warn("The delivery of {} frames could not be recorded in the store, next attempt later: {}",
					this.unrecorded.size(), Failures.describe(ex));
		}
	}

	private void scheduleCatchUp() {
		if (this.catchUp.schedule()) {
			boolean started = false;
			try {
				this.executor.execute(this::catchUp);
				started = true;
			}
			finally {
				if (!started) {
					this.catchUp.abandon();
				}
			}
		}
	}

	private void catchUp() {
		CatchUp.Page page = null;
		try {
			for (page = nextPage(); page != null; page = nextPage()) {
				writePage(page, this.catchUp.read(page));
			}
		}
		catch (RuntimeException | Error ex) {
			locked(this.catchUp::abandon);
			if (page != null) {
				page.session().close("the store could not be read");
			}
			logger.warn("The store could not be read, reconnecting: {}", Failures.describe(ex));
		}
	}

	private CatchUp.@Nullable Page nextPage() {
		return locked(() -> {
			CatchUp.Page page = this.catchUp.next(this.session, this.order.settled(), this.window.isFull());
			this.progress.signalAll();
			return page;
		});
	}

	private void writePage(CatchUp.Page page, List<OutboundFrame> frames) {
		locked(() -> {
			if (this.session != page.session()) {
				return;
			}
			for (OutboundFrame frame : frames) {
				if (frame.sequence() <= page.upTo() && !this.unrecorded.contains(frame.sequence())) {
					write(page.session(), frame);
					if (this.window.isNarrow()) {
						this.catchUp.advance(frame.sequence());
						return;
					}
				}
			}
			this.catchUp.advance(page, frames);
			this.catchUp.takeAcks().forEach((ack) -> page.session().write(ack, 0));
		});
	}

	/**
	 * Whether frames are written as soon as they are committed.
	 * @return whether there is a session, and nothing older is to be written first
	 */
	public boolean keepsUp() {
		return locked(() -> this.session != null && !this.catchUp.isBehind());
	}

	/**
	 * How many frames wait for their delivery, also those in the store.
	 * @return their number
	 */
	public int size() {
		return locked(() -> this.waiting);
	}

	/**
	 * Waits until all frames are delivered, as far as there is a connection.
	 * @param limit how long
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	public void awaitDelivered(Duration limit) throws InterruptedException {
		this.lock.lock();
		try {
			long nanos = limit.toNanos();
			while (this.session != null && nanos > 0
					&& (this.catchUp.isBehind() || !this.order.isSettled() || !this.window.isEmpty())) {
				nanos = this.progress.awaitNanos(nanos);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void locked(Runnable step) {
		locked(() -> {
			step.run();
			return null;
		});
	}

	private <T extends @Nullable Object> T locked(Supplier<T> step) {
		this.lock.lock();
		try {
			return step.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
