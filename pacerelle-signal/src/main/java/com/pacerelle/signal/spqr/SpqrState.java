package com.pacerelle.signal.spqr;

import java.security.SecureRandom;

/**
 * One party's state of the Sparse Post-Quantum Ratchet, immutable: each operation returns
 * the state that follows, and one that fails changes nothing (spqr.md section 11).
 */
public final class SpqrState {

	private SpqrState() {
	}

	/**
	 * The state at the start of a session, with version 1, minimum version 1 and the
	 * default limits (spqr.md section 3).
	 * @param direction the party
	 * @param authKey the 32 bytes that PQXDH derived for SPQR
	 * @return the first state
	 */
	public static SpqrState initial(Direction direction, byte[] authKey) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Reads a stored state (spqr.md appendix A).
	 * @param blob what {@link #encode()} returned
	 * @return the state
	 * @throws SpqrException with {@code STATE_DECODE} if the blob is not a state of
	 * version 1
	 */
	public static SpqrState decode(byte[] blob) {
		throw new UnsupportedOperationException();
	}

	/**
	 * The state in the format of spqr.md appendix A. It holds secrets.
	 * @return the blob
	 */
	public byte[] encode() {
		throw new UnsupportedOperationException();
	}

	/**
	 * Makes the SPQR part of the next outgoing message.
	 * @param random draws 64 bytes for a key pair, 32 for an encapsulation, else nothing
	 * @return the message, its key and the next state
	 */
	public Sent send(SecureRandom random) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Takes the SPQR part of an incoming message.
	 * @param message the bytes of field 5, possibly empty
	 * @return the key of the message and the next state, to be committed only when the
	 * message's MAC is good
	 * @throws SpqrException if the message is refused
	 */
	public Received receive(byte[] message) {
		throw new UnsupportedOperationException();
	}

	/**
	 * The outcome of {@link SpqrState#send(SecureRandom)}.
	 *
	 * @param message the SPQR message, 4 to 52 bytes
	 * @param key the 32-byte key of the message
	 * @param next the state that follows
	 */
	public record Sent(byte[] message, byte[] key, SpqrState next) {
	}

	/**
	 * The outcome of {@link SpqrState#receive(byte[])}.
	 *
	 * @param key the 32-byte key of the message
	 * @param next the state that follows
	 */
	public record Received(byte[] key, SpqrState next) {
	}

}
