package com.pacerelle.signal.ratchet;

import com.pacerelle.signal.EcKeyPair;

/**
 * The chain of the messages that are sent with the own ratchet key.
 *
 * @param ratchetKey the own ratchet key
 * @param chainKey the chain at its next message
 */
public record SenderChain(EcKeyPair ratchetKey, ChainKey chainKey) {

	SenderChain next() {
		return new SenderChain(this.ratchetKey, this.chainKey.next());
	}

}
