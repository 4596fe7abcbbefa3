package com.pacerelle.signal.ratchet;

import java.util.Arrays;

import com.pacerelle.signal.crypto.Hmac;

/**
 * The key of a sending or receiving chain: KDF_CK of "The Double Ratchet Algorithm"
 * (signal.org; signal.md section 7.1).
 *
 * @param key 32 secret bytes
 * @param index the counter of the chain's next message, unsigned
 */
public record ChainKey(byte[] key, int index) {

	private static final byte[] MESSAGE = { 1 };

	private static final byte[] CHAIN = { 2 };

	/**
	 * Derives the seed of the next message's keys, {@code HMAC(key, 01)}.
	 * @return 32 secret bytes
	 */
	public byte[] seed() {
		return Hmac.sha256(this.key, MESSAGE);
	}

	/**
	 * Derives the chain after some messages.
	 * @param messages how many, at least 0
	 * @return the key that follows them
	 */
	ChainKey after(int messages) {
		return (messages == 0) ? this : new ChainKey(Hmac.iterate(this.key, CHAIN, messages), this.index + messages);
	}

	/**
	 * Overwrites the key, when nobody else has it.
	 */
	void erase() {
		Arrays.fill(this.key, (byte) 0);
	}

	/**
	 * Derives the chain after its next message, {@code HMAC(key, 02)}.
	 * @return the key that follows
	 */
	ChainKey next() {
		return new ChainKey(Hmac.sha256(this.key, CHAIN), this.index + 1);
	}

}
