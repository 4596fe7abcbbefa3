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
		int ahead = counter - this.chainKey.index();
		if (Integer.compareUnsigned(counter, this.chainKey.index()) < 0) {
			return receiveSkipped(counter);
		}
		if (Integer.compareUnsigned(ahead, MAX_FORWARD_JUMPS) > 0) {
			throw new InvalidMessageException("The message is more than 25000 ahead of its chain");
		}
		ChainKey chain = this.chainKey;
		// The seeds of earlier messages would be discarded at once.
		for (int i = SkippedKeys.MAXIMUM; i < ahead; i++) {
			chain = chain.next();
		}
		List<ChainKey> between = new ArrayList<>();
		for (; chain.index() != counter; chain = chain.next()) {
			between.add(chain);
		}
		SkippedKeys remaining = between.isEmpty() ? this.skipped : this.skipped.plus(between);
		return new Received(chain.seed(), new ReceiverChain(this.ratchetKey, chain.next(), remaining));
	}

	private Received receiveSkipped(int counter) {
		int position = this.skipped.indexOf(counter);
		if (position < 0) {
			throw new DuplicateMessageException("The message was decrypted before, or its key was discarded");
		}
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
