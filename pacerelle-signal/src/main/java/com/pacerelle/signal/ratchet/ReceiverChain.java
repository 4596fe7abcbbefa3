package com.pacerelle.signal.ratchet;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;

/**
 * A chain of messages that the peer sends with one ratchet key (signal.md section 10.1).
 *
 * @param ratchetKey the peer's ratchet key
 * @param chainKey the chain at its next message
 * @param skipped the seeds of skipped messages
 */
public record ReceiverChain(EcPublicKey ratchetKey, ChainKey chainKey, SkippedKeys skipped) {

	static final int MAX_FORWARD_JUMPS = 25_000;

	/**
	 * Derives the seed of a message, which can be done once.
	 * @param counter the message's counter, unsigned
	 * @return the seed and the chain that follows
	 * @throws DuplicateMessageException if the seed was derived before or discarded
	 * @throws InvalidMessageException if the message is too far ahead
	 */
	Received receive(int counter) {
		if (Integer.compareUnsigned(counter, this.chainKey.index()) < 0) {
			return receiveSkipped(counter);
		}
		int ahead = requireNear(counter - this.chainKey.index());
		// The seeds of earlier messages would be discarded at once.
		ChainKey chain = this.chainKey.after(Math.max(0, ahead - SkippedKeys.MAXIMUM));
		List<ChainKey> between = new ArrayList<>();
		for (; chain.index() != counter; chain = chain.next()) {
			between.add(chain);
		}
		SkippedKeys remaining = between.isEmpty() ? this.skipped : this.skipped.plus(between);
		Received received = new Received(chain.seed(), new ReceiverChain(this.ratchetKey, chain.next(), remaining));
		between.forEach(this::eraseUnlessShared);
		eraseUnlessShared(chain);
		return received;
	}

	/** This chain stays as it is: its message may be forged. */
	private void eraseUnlessShared(ChainKey passed) {
		if (passed != this.chainKey) {
			passed.erase();
		}
	}

	/**
	 * How many steps the chain makes to receive a message.
	 * @param counter the message's counter, unsigned
	 * @return the steps
	 * @throws DuplicateMessageException if the seed was derived before or discarded
	 * @throws InvalidMessageException if the message is too far ahead
	 */
	int jump(int counter) {
		if (Integer.compareUnsigned(counter, this.chainKey.index()) < 0) {
			positionOf(counter);
			return 0;
		}
		return requireNear(counter - this.chainKey.index());
	}

	static int requireNear(int ahead) {
		if (Integer.compareUnsigned(ahead, MAX_FORWARD_JUMPS) > 0) {
			throw new InvalidMessageException("The message is more than 25000 ahead of its chain");
		}
		return ahead;
	}

	/**
	 * Discards the seeds of the oldest skipped messages.
	 * @param maximum how many are kept at most
	 * @return the chain with the others
	 */
	ReceiverChain withNewestSkipped(int maximum) {
		SkippedKeys newest = this.skipped.newest(maximum);
		return (newest == this.skipped) ? this : new ReceiverChain(this.ratchetKey, this.chainKey, newest);
	}

	private int positionOf(int counter) {
		int position = this.skipped.indexOf(counter);
		if (position < 0) {
			throw new DuplicateMessageException("The message was decrypted before, or its key was discarded");
		}
		return position;
	}

	private Received receiveSkipped(int counter) {
		int position = positionOf(counter);
		return new Received(this.skipped.seed(position),
				new ReceiverChain(this.ratchetKey, this.chainKey, this.skipped.without(position)));
	}

	/**
	 * The outcome of {@link ReceiverChain#receive(int)}.
	 *
	 * @param seed the seed, 32 secret bytes for the caller to erase
	 * @param next the chain without it
	 */
	record Received(byte[] seed, ReceiverChain next) {
	}

}
