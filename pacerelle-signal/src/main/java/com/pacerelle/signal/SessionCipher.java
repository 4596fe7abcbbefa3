package com.pacerelle.signal;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/**
 * One unit of work on the sessions of a store: its operations read through the store and
 * see what earlier operations of this object changed; {@link #changes()} is then
 * committed in one transaction, before anything is done with the results. An operation
 * that fails changes nothing (signal.md section 12). Not thread-safe, and cheap to make.
 */
public final class SessionCipher {

	/**
	 * Starts a unit of work.
	 * @param store where records are read; nothing is committed to it here
	 * @param random the source of all keys
	 * @param clock tells the age of sessions that were never acknowledged
	 */
	public SessionCipher(SignalStore store, SecureRandom random, Clock clock) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Decrypts a framed message (signal.md sections 12.3, 12.4).
	 * @param peer who sent it
	 * @param frame the frame byte and the message
	 * @return the plaintext
	 * @throws SignalProtocolException if the message is refused; each cause has its own
	 * subclass
	 */
	public byte[] decrypt(ProtocolAddress peer, byte[] frame) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Encrypts a message (signal.md section 12.5).
	 * @param peer who shall read it
	 * @param plaintext the plaintext
	 * @return the framed message
	 * @throws NoSessionException if there is no session with the peer
	 * @throws StaleSessionException if the session was never acknowledged and is too old
	 * @throws UntrustedIdentityException if the session belongs to another identity than
	 * the known one
	 */
	public byte[] encrypt(ProtocolAddress peer, byte[] plaintext) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Starts a session as its initiator (signal.md section 12.2).
	 * @param peer whose bundle it is
	 * @param bundle the bundle
	 * @throws InvalidBundleException if a key or a signature of the bundle is not valid
	 * @throws UntrustedIdentityException if the bundle has another identity than the
	 * known one
	 */
	public void process(ProtocolAddress peer, PreKeyBundle bundle) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Whether a message creates a session instead of using one: the decision of
	 * gateway.md section 4.2 needs it before any decryption.
	 * @param frame the frame byte and the message
	 * @return whether it is a PreKeySignalMessage
	 */
	public static boolean isPreKeyMessage(byte[] frame) {
		return frame.length > 0 && frame[0] == 1;
	}

	/**
	 * What the operations so far changed.
	 * @return the changes, to be committed in this order and all together
	 */
	public List<StoreChange> changes() {
		throw new UnsupportedOperationException();
	}

}
