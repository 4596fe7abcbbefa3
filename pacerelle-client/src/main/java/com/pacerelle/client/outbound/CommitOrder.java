package com.pacerelle.client.outbound;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import com.pacerelle.client.store.OutboundFrame;
import org.jspecify.annotations.Nullable;

/**
 * Numbers frames in the order in which they are to be sent, and releases them in this
 * order, in whichever order their transactions are settled. Guarded by the lock of the
 * outbox.
 */
final class CommitOrder {

	/** Transactions that are not settled, or wait for one before them. */
	private final Deque<Batch> batches = new ArrayDeque<>();

	private long reserved;

	private long settled;

	/**
	 * Creates an order that begins after what is in the store.
	 * @param lastSequence the last sequence of the store
	 */
	CommitOrder(long lastSequence) {
		this.reserved = lastSequence;
		this.settled = lastSequence;
	}

	/**
	 * Takes the next places for the frames of a transaction.
	 * @param frames the frames in their order
	 * @param acks the acknowledgements to be written after them
	 * @return the numbered frames, to be settled
	 */
	Batch reserve(List<String> frames, List<String> acks) {
		List<OutboundFrame> numbered = new ArrayList<>(frames.size());
		for (String json : frames) {
			numbered.add(new OutboundFrame(++this.reserved, json));
		}
		Batch batch = new Batch(numbered, this.reserved, acks);
		this.batches.add(batch);
		return batch;
	}

	/**
	 * Notes how a transaction ended.
	 * @param batch what was reserved for it
	 * @param committed whether it was committed
	 */
	void settle(Batch batch, boolean committed) {
		batch.settled = true;
		batch.committed = committed;
	}

	/**
	 * Takes the next one of those that were committed and wait for nothing any more. It
	 * needs no memory: what is settled must not be lost.
	 * @return the frames, or {@code null} if there are none
	 */
	@Nullable Batch release() {
		for (Batch head = this.batches.peek(); head != null && head.settled; head = this.batches.peek()) {
			this.batches.remove();
			this.settled = head.lastSequence;
			if (head.committed) {
				return head;
			}
		}
		return null;
	}

	/**
	 * Up to where every transaction is committed or has failed.
	 * @return the sequence
	 */
	long settled() {
		return this.settled;
	}

	/**
	 * Whether no transaction is on its way.
	 * @return whether everything is settled
	 */
	boolean isSettled() {
		return this.batches.isEmpty();
	}

	/**
	 * Frames of one transaction.
	 */
	static final class Batch {

		private final List<OutboundFrame> frames;

		private final long lastSequence;

		private final List<String> acks;

		private boolean settled;

		private boolean committed;

		private Batch(List<OutboundFrame> frames, long lastSequence, List<String> acks) {
			this.frames = frames;
			this.lastSequence = lastSequence;
			this.acks = acks;
		}

		List<OutboundFrame> frames() {
			return this.frames;
		}

		long lastSequence() {
			return this.lastSequence;
		}

		List<String> acks() {
			return this.acks;
		}

	}

}
