package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidBundleException;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MalformedMessageException;
import com.pacerelle.signal.MessageDeferredException;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.StaleSessionException;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.UntrustedIdentityException;
import org.jspecify.annotations.Nullable;

/**
 * One unit of work on the sessions of a store: its operations read through the store and
 * see what earlier operations of this object changed; {@link #changes()} is then
 * committed in one transaction, before anything is done with the results. An operation
 * that fails changes nothing (signal.md section 12). Not thread-safe, and cheap to make.
 */
public final class SessionCipher {

	private final SignalStore store;

	private final SecureRandom random;

	private final Clock clock;

	private final UnitOfWork work;

	private final SessionBuilder builder;

	/**
	 * Starts a unit of work.
	 * @param store where records are read; nothing is committed to it here
	 * @param random the source of all keys. A message with a new ratchet key draws 32
	 * bytes, each outgoing message what SPQR draws, a bundle 32 bytes each for base key,
	 * encapsulation and ratchet key
	 * @param clock tells the age of sessions that were never acknowledged
	 */
	public SessionCipher(SignalStore store, SecureRandom random, Clock clock) {
		this(store, random, clock, new UnitOfWork(store));
	}

	private SessionCipher(SignalStore store, SecureRandom random, Clock clock, UnitOfWork work) {
		this.store = store;
		this.random = random;
		this.clock = clock;
		this.work = work;
		this.builder = new SessionBuilder(store, work, random);
	}

	/**
	 * Copies this unit of work, to go on with either of the two: what a plaintext says
	 * may be a reason to take its decryption back.
	 * @return a unit of work that has changed what this one has, and goes on by itself
	 */
	public SessionCipher copy() {
		return new SessionCipher(this.store, this.random, this.clock, this.work.copy());
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
		return decrypt(peer, frame, Effort.FULL);
	}

	/**
	 * Decrypts a framed message unless it could cost more than an honest one to find out
	 * that it is forged: for peers of which many messages were. Messages of the current
	 * session, of sessions that know their ratchet key, and those that start a session
	 * are decrypted, if they skip few.
	 * @param peer who sent it
	 * @param frame the frame byte and the message
	 * @return the plaintext
	 * @throws MessageDeferredException if it is not to be found out now; the message may
	 * be genuine
	 * @throws SignalProtocolException if the message is refused; each cause has its own
	 * subclass
	 */
	public byte[] decryptIfCheap(ProtocolAddress peer, byte[] frame) {
		return decrypt(peer, frame, Effort.CHEAP);
	}

	private byte[] decrypt(ProtocolAddress peer, byte[] frame, Effort effort) {
		int type = (frame.length > 0) ? frame[0] : 0;
		return switch (type) {
			case PreKeySignalMessage.FRAME_TYPE -> decrypt(peer, PreKeySignalMessage.parse(frame), effort);
			case SignalMessage.FRAME_TYPE -> decrypt(peer, SignalMessage.parse(frame, 1), effort);
			default -> throw new MalformedMessageException("The frame starts with an unknown type");
		};
	}

	private byte[] decrypt(ProtocolAddress peer, PreKeySignalMessage message, Effort effort) {
		if (message.version() != SignalMessage.VERSION) {
			throw new InvalidMessageException("The message is of version 3, which starts no session");
		}
		message.message().requireDecryptable();
		this.work.requireTrusted(peer, message.identityKey());
		Sessions sessions = this.work.sessions(peer);
		Sessions.Opened opened = sessions.decryptMatching(message.baseKey(), message.message(), effort, this.random);
		if (opened == null) {
			opened = decryptFirst(sessions, message, effort);
		}
		else if (!message.identityKey().equals(opened.decrypted().next().context().remoteIdentity())) {
			// Nothing authenticates this field of a message in a session that exists.
			throw new InvalidMessageException("The message names another identity than that of its session");
		}
		this.work.trust(peer, message.identityKey());
		this.work.update(opened.next());
		return opened.decrypted().plaintext();
	}

	private Sessions.Opened decryptFirst(Sessions sessions, PreKeySignalMessage message, Effort effort) {
		int kyberPreKeyId = SignalMessage.required(message.kyberPreKeyId());
		StoreChange.BaseKeySeen seen = new StoreChange.BaseKeySeen(kyberPreKeyId, message.signedPreKeyId(),
				message.baseKey());
		if (this.work.isSeen(seen)) {
			throw new InvalidMessageException("The message has a reused base key: its session was created before");
		}
		Session session = this.builder.respond(message, kyberPreKeyId,
				SignalMessage.required(message.kyberCiphertext()));
		Session.Decrypted decrypted = session.decrypt(message.message(), effort, this.random);
		this.work.add(seen);
		if (message.oneTimePreKeyId() != null) {
			this.work.add(new StoreChange.OneTimePreKeyUsed(message.oneTimePreKeyId()));
		}
		return new Sessions.Opened(decrypted, sessions.promote(decrypted.next()));
	}

	private byte[] decrypt(ProtocolAddress peer, SignalMessage message, Effort effort) {
		message.requireDecryptable();
		Sessions.Opened opened = this.work.sessions(peer).decrypt(message, effort, this.random);
		EcPublicKey identity = opened.decrypted().next().context().remoteIdentity();
		this.work.requireTrusted(peer, identity);
		this.work.trust(peer, identity);
		this.work.update(opened.next());
		return opened.decrypted().plaintext();
	}

	/**
	 * Encrypts a message (signal.md section 12.5).
	 * @param peer who shall read it
	 * @param plaintext the plaintext
	 * @return the framed message
	 * @throws NoSessionException if there is no session with the peer, or it was closed
	 * for sending
	 * @throws StaleSessionException if the session was never acknowledged and is too old
	 * @throws UntrustedIdentityException if the session belongs to another identity than
	 * the known one
	 */
	public byte[] encrypt(ProtocolAddress peer, byte[] plaintext) {
		Sessions sessions = this.work.sessions(peer);
		Session current = sessions.current();
		if (current == null) {
			throw new NoSessionException("There is no session with the peer; process its bundle first");
		}
		if (!current.canSend()) {
			throw new NoSessionException("The session is from an old backup, and message keys could be used twice: it"
					+ " sends again after the peer's next answer");
		}
		if (current.isStale(this.clock.instant().getEpochSecond())) {
			throw new StaleSessionException("The peer has not answered for 30 days; process a new bundle first");
		}
		Session.Encrypted encrypted = current.encrypt(plaintext, this.random);
		EcPublicKey identity = current.context().remoteIdentity();
		this.work.requireTrusted(peer, identity);
		this.work.trust(peer, identity);
		this.work.update(sessions.withCurrent(encrypted.next()));
		return encrypted.frame();
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
		bundle.requireWellFormed();
		this.work.requireTrusted(peer, bundle.identityKey());
		Session session = this.builder.initiate(bundle, this.clock.instant().getEpochSecond());
		Sessions promoted = this.work.sessions(peer).promote(session);
		this.work.trust(peer, bundle.identityKey());
		this.work.update(promoted);
	}

	/**
	 * Takes a stored session, current or archived, of an old backup: which message keys
	 * it has used since is not known. It decrypts as before, and sends nothing before the
	 * peer's next ratchet key has made new keys (signal.md section 11).
	 * @param session the encoded session, which is overwritten
	 * @return the encoded session that takes its place
	 * @throws IllegalStateException if it is no session
	 */
	public static byte[] closeForSending(byte[] session) {
		try {
			return SessionCodec.encode(SessionCodec.decode(session).withClosedSender());
		}
		finally {
			Arrays.fill(session, (byte) 0);
		}
	}

	/**
	 * Whether a message creates a session instead of using one: the decision of
	 * gateway.md section 4.2 needs it before any decryption.
	 * @param frame the frame byte and the message
	 * @return whether it is a PreKeySignalMessage
	 */
	public static boolean isPreKeyMessage(byte[] frame) {
		return frame.length > 0 && frame[0] == PreKeySignalMessage.FRAME_TYPE;
	}

	/**
	 * The identity that a peer is known by, also when this unit of work has seen it
	 * first.
	 * @param peer the peer
	 * @return the identity, or {@code null} if the peer was never seen
	 */
	public @Nullable EcPublicKey identity(ProtocolAddress peer) {
		return this.work.identity(peer);
	}

	/**
	 * Whether all {@link #changes()} are current sessions that have moved on. Encodes
	 * nothing.
	 * @return whether there is no other change
	 */
	public boolean movesSessionsOnly() {
		return this.work.movesSessionsOnly();
	}

	/**
	 * What the operations so far changed.
	 * @return the changes, to be committed in this order and all together
	 */
	public List<StoreChange> changes() {
		return this.work.changes();
	}

}
