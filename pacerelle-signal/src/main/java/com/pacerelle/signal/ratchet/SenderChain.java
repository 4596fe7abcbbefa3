package com.pacerelle.signal.ratchet;

import com.pacerelle.signal.EcKeyPair;
import org.jspecify.annotations.Nullable;

/**
 * The chain of the messages that are sent with the own ratchet key.
 *
 * @param ratchetKey the own ratchet key
 * @param chainKey the chain at its next message, or {@code null} for one that must not
 * send any more, because nobody knows how many messages it has sent
 */
public record SenderChain(EcKeyPair ratchetKey, @Nullable ChainKey chainKey) {

	/**
	 * The chain at its next message.
	 * @return the key
	 * @throws IllegalStateException if the chain must not send any more
	 */
	public ChainKey requireOpen() {
		ChainKey key = this.chainKey;
		if (key == null) {
			throw new IllegalStateException("The sending chain is closed");
		}
		return key;
	}

	SenderChain next() {
		return new SenderChain(this.ratchetKey, requireOpen().next());
	}

	SenderChain closed() {
		return new SenderChain(this.ratchetKey, null);
	}

}
