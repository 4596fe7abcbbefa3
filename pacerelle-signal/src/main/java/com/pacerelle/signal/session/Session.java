package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.util.Arrays;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MalformedKeyException;
import com.pacerelle.signal.MessageDeferredException;
import com.pacerelle.signal.ratchet.DoubleRatchet;
import com.pacerelle.signal.ratchet.MessageKeys;
import com.pacerelle.signal.spqr.SpqrException;
import com.pacerelle.signal.spqr.SpqrState;
import org.jspecify.annotations.Nullable;

/**
 * One session with a peer: an immutable state that each message takes to the next
 * (signal.md sections 7, 10).
 *
 * @param context what never changes
 * @param ratchet the Double Ratchet
 * @param spqr the Sparse Post-Quantum Ratchet
 * @param pending what goes with each message until the peer has answered, only for the
 * initiator
 */
record Session(SessionContext context, DoubleRatchet ratchet, SpqrState spqr, @Nullable PendingPreKey pending) {

	/**
	 * Whether this session has received messages with a ratchet key: it is then the only
	 * one that can have sent them, for each session makes keys of its own.
	 * @param ratchetKey the ratchet key
	 * @return whether its chain is kept
	 */
	boolean knows(EcPublicKey ratchetKey) {
		return this.ratchet.knows(ratchetKey);
	}

	boolean hasBaseKey(EcPublicKey baseKey) {
		return this.context.baseKey().equals(baseKey);
	}

	/**
	 * Says how far ahead a message is, before anything is derived for it.
	 * @param message the message
	 * @return how many messages are skipped
	 * @throws DuplicateMessageException if the message was decrypted before
	 * @throws InvalidMessageException if it is too far ahead, or of an epoch that is not
	 * there
	 */
	int jump(SignalMessage message) {
		int jump = this.ratchet.jump(message.ratchetKey(), message.counter());
		try {
			return Math.max(jump, this.spqr.jump(message.pqRatchet()));
		}
		catch (SpqrException ex) {
			throw new InvalidMessageException("The message has no valid post-quantum part", ex);
		}
	}

	/**
	 * Decrypts a message, which also acknowledges the session.
	 * @param message the message
	 * @param effort how much may be done
	 * @param random draws 32 bytes if the message has a new ratchet key
	 * @return the plaintext and the state that follows
	 * @throws DuplicateMessageException if the message was decrypted before
	 * @throws InvalidMessageException if it is not a message of this session
	 * @throws MessageDeferredException if it is not to be found out now
	 */
	Decrypted decrypt(SignalMessage message, Effort effort, SecureRandom random) {
		effort.requireNear(jump(message));
		try {
			return open(message, this.ratchet.receive(message.ratchetKey(), message.counter()), random);
		}
		catch (MalformedKeyException ex) {
			throw new InvalidMessageException("The message has an unusable ratchet key", ex);
		}
		catch (SpqrException ex) {
			throw new InvalidMessageException("The message has no valid post-quantum part", ex);
		}
	}

	private Decrypted open(SignalMessage message, DoubleRatchet.Reception reception, SecureRandom random) {
		byte[] seed = reception.seed();
		byte[] pqrKey = new byte[0];
		try {
			SpqrState.Received received = this.spqr.receive(message.pqRatchet());
			pqrKey = received.key();
			try (MessageKeys keys = MessageKeys.derive(seed, pqrKey)) {
				if (!message.isAuthentic(keys, this.context.remoteIdentity(), this.context.localIdentity())) {
					throw new InvalidMessageException("The message is forged, damaged or for another session");
				}
				byte[] plaintext = keys.decrypt(message.ciphertext());
				return new Decrypted(plaintext,
						new Session(this.context, this.ratchet.after(reception, random), received.next(), null));
			}
		}
		finally {
			Arrays.fill(seed, (byte) 0);
			Arrays.fill(pqrKey, (byte) 0);
		}
	}

	/**
	 * Encrypts a message.
	 * @param plaintext the plaintext
	 * @param random the source of what SPQR draws
	 * @return the frame and the state that follows, to be stored before the frame leaves
	 */
	Encrypted encrypt(byte[] plaintext, SecureRandom random) {
		SpqrState.Sent sent = this.spqr.send(random);
		byte[] seed = this.ratchet.sender().requireOpen().seed();
		try (MessageKeys keys = MessageKeys.derive(seed, sent.key())) {
			SignalMessage message = SignalMessage.create(this.ratchet, keys.encrypt(plaintext), sent.message(), keys,
					this.context.localIdentity(), this.context.remoteIdentity());
			return new Encrypted(frame(message),
					new Session(this.context, this.ratchet.withNextSender(), sent.next(), this.pending));
		}
		finally {
			Arrays.fill(seed, (byte) 0);
			Arrays.fill(sent.key(), (byte) 0);
		}
	}

	/**
	 * Whether the peer has not answered for so long that it may have lost its prekeys.
	 * @param now the time in seconds of the epoch
	 * @return whether a new session is needed
	 */
	boolean isStale(long now) {
		return this.pending != null && this.pending.isStale(now);
	}

	/** Whether there is a chain to send with. */
	boolean canSend() {
		return this.ratchet.canSend();
	}

	Session withClosedSender() {
		return new Session(this.context, this.ratchet.withClosedSender(), this.spqr, this.pending);
	}

	Session withoutPending() {
		return new Session(this.context, this.ratchet, this.spqr, null);
	}

	byte[] frame(SignalMessage message) {
		if (this.pending == null) {
			return message.encode(SignalMessage.FRAME_TYPE);
		}
		return new PreKeySignalMessage(SignalMessage.VERSION, this.context.localRegistrationId(),
				this.pending.oneTimePreKeyId(), this.pending.signedPreKeyId(), this.pending.kyberPreKeyId(),
				this.pending.kyberCiphertext(), this.context.baseKey(), this.context.localIdentity(), message)
			.toFrame();
	}

	/**
	 * The outcome of {@link Session#decrypt}.
	 *
	 * @param plaintext the plaintext
	 * @param next the state that follows
	 */
	record Decrypted(byte[] plaintext, Session next) {
	}

	/**
	 * The outcome of {@link Session#encrypt}.
	 *
	 * @param frame the message on the wire
	 * @param next the state that follows
	 */
	record Encrypted(byte[] frame, Session next) {
	}

}
