package com.pacerelle.client.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.pacerelle.client.connection.FrameWriter;
import com.pacerelle.client.connection.SessionListener;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.OutboundFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks frames from their commit to their delivery. A frame is written to the session
 * when the transaction it belongs to is committed, in the order of sequences; it is
 * delivered when the relay has answered a ping that was written after it; until then it
 * stays in the store and is written again, byte for byte, to the next session, before
 * newer ones. Memory holds a bounded window of frames that are not confirmed; when it is
 * full, or after a reconnect, frames are read from the store page by page. One lock
 * guards order, window and page: this is why every step between them is here.
 */
public final class Outbox implements SessionListener {

	private static final Logger logger = LoggerFactory.getLogger(Outbox.class);

	private final AgentStore store;

	private final Executor executor;

	/** Guards everything but what is confined to the executor. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition progress = this.lock.newCondition();

	private final CommitOrder order;

	private final SendWindow window = new SendWindow();

	private final CatchUp catchUp;

	/** Confirmed, but not recorded in the store yet; confined to the executor. */
	private final Set<Long> unrecorded = new HashSet<>();

	private @Nullable FrameWriter session;

	/**
	 * Creates an outbox.
	 * @param store where the frames are
	 * @param executor reads pages and commits deliveries, one task at a time
	 */
	public Outbox(AgentStore store, Executor executor) {
		this.store = store;
		this.executor = executor;
		this.order = new CommitOrder(store.lastSequence());
		this.catchUp = new CatchUp(store);
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
		CommitOrder.Batch batch = locked(() -> this.order.reserve(frames, acks));
		boolean committed = false;
		try {
			List<Change> all = new ArrayList<>(changes);
			batch.frames().forEach((frame) -> all.add(new Change.FrameQueued(frame)));
			this.store.commitAndWait(all);
			committed = true;
		}
		finally {
			settle(batch, committed);
		}
	}

	private void settle(CommitOrder.Batch batch, boolean committed) {
		locked(() -> {
			List<CommitOrder.Batch> released = this.order.settle(batch, committed);
			FrameWriter target = this.session;
			if (target != null) {
				released.forEach((each) -> release(target, each));
			}
			this.progress.signalAll();
		});
	}

	private void release(FrameWriter target, CommitOrder.Batch batch) {
		if (this.window.isFull() && !batch.frames().isEmpty()) {
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

	@Override
	public void opened(FrameWriter writer) {
		locked(() -> {
			closed();
			this.session = writer;
			this.catchUp.restart();
			scheduleCatchUp();
		});
	}

	@Override
	public void closed() {
		locked(() -> {
			this.session = null;
			this.window.clear();
			this.catchUp.clear();
		});
	}

	@Override
	public void delivered(FrameWriter writer, long sequence) {
		this.executor.execute(() -> confirm(writer, sequence));
	}

	private void confirm(FrameWriter writer, long sequence) {
		List<Long> confirmed = takeConfirmed(writer, sequence);
		if (confirmed.isEmpty()) {
			return;
		}
		// Waits, so that a page for the next session is read after this commit.
		try {
			this.store.commitAndWait(List.of(new Change.FramesDelivered(confirmed)));
		}
		catch (RuntimeException | Error ex) {
			this.unrecorded.addAll(confirmed);
			logger.warn("The delivery of {} frames could not be recorded in the store, next attempt later: {}",
					confirmed.size(), Failures.describe(ex));
		}
	}

	private List<Long> takeConfirmed(FrameWriter writer, long sequence) {
		List<Long> confirmed = new ArrayList<>(this.unrecorded);
		this.unrecorded.clear();
		return locked(() -> {
			if (this.session == writer) {
				confirmed.addAll(this.window.confirm(sequence));
			}
			scheduleCatchUp();
			this.progress.signalAll();
			return confirmed;
		});
	}

	private void scheduleCatchUp() {
		if (this.catchUp.schedule()) {
			this.executor.execute(this::catchUp);
		}
	}

	private void catchUp() {
		for (CatchUp.Page page = nextPage(); page != null; page = nextPage()) {
			try {
				writePage(page, this.catchUp.read(page));
			}
			catch (RuntimeException | Error ex) {
				locked(this.catchUp::abandon);
				logger.warn("The store could not be read, reconnecting: {}", Failures.describe(ex));
				page.session().close("the store could not be read");
				return;
			}
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
				}
			}
			this.catchUp.advance(page, frames);
			this.catchUp.takeAcks().forEach((ack) -> page.session().write(ack, 0));
		});
	}

	/**
	 * Drops the largest frame that is not confirmed: the relay has closed two connections
	 * because of it, would do so again, and no other frame would ever get through.
	 */
	@Override
	public void frameTooLarge() {
		SendWindow.Written largest = locked(this.window::largest);
		if (largest != null) {
			logger.error("The relay refuses a message of {} bytes as too large, it is dropped: send shorter texts, or"
					+ " lower 'connection.maxFrameSize' to what the relay takes", largest.chars());
			this.store.commitAndWait(List.of(new Change.FramesDelivered(List.of(largest.sequence()))));
		}
	}

	/**
	 * Whether frames are written as soon as they are committed.
	 * @return whether there is a session, and nothing older is to be written first
	 */
	public boolean keepsUp() {
		return locked(() -> this.session != null && !this.catchUp.isBehind());
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
