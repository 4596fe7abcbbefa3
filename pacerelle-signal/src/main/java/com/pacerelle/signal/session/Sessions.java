package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.MessageDeferredException;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.StoredSession;
import org.jspecify.annotations.Nullable;

/**
 * The sessions with a peer, as a unit of work sees them (signal.md section 11). Archived
 * ones are only read when the current one cannot be the right one, so that an honest
 * message costs the same however many there are. Immutable.
 *
 * @param store where the archived sessions are
 * @param peer the peer
 * @param version the version of the current session in the store, or 0
 * @param current the session that messages are sent with
 * @param archived the sessions that this unit of work has archived, the newest first
 * @param restored the base keys of the sessions that are not archived any more
 */
record Sessions(SignalStore store, ProtocolAddress peer, long version, @Nullable Session current,
		List<Session> archived, Set<EcPublicKey> restored) {

	/**
	 * How many messages all archived sessions together may skip for a message whose
	 * ratchet key none of them knows. It is late, so few came before it.
	 */
	static final int MAX_ARCHIVED_JUMPS = 2000;

	static Sessions read(SignalStore store, ProtocolAddress peer) {
		StoredSession stored = store.session(peer);
		return (stored != null)
				? new Sessions(store, peer, stored.version(), decode(stored.session()), List.of(), Set.of())
				: new Sessions(store, peer, 0, null, List.of(), Set.of());
	}

	Sessions withCurrent(Session session) {
		return new Sessions(this.store, this.peer, this.version, session, this.archived, this.restored);
	}

	/**
	 * Makes a session the current one and archives the one before.
	 * @param session the session
	 * @return the sessions that follow
	 */
	Sessions promote(Session session) {
		if (this.current == null) {
			return withCurrent(session);
		}
		List<Session> longer = new ArrayList<>(this.archived);
		longer.add(0, this.current.withoutPending());
		return new Sessions(this.store, this.peer, this.version, session, List.copyOf(longer), this.restored);
	}

	/**
	 * Makes an archived session the current one again.
	 * @param session the session as it is now
	 * @return the sessions that follow
	 */
	private Sessions restore(Session session) {
		EcPublicKey baseKey = session.context().baseKey();
		Set<EcPublicKey> all = new HashSet<>(this.restored);
		all.add(baseKey);
		List<Session> others = this.archived.stream().filter((other) -> !other.hasBaseKey(baseKey)).toList();
		return new Sessions(this.store, this.peer, this.version, this.current, others, Set.copyOf(all))
			.promote(session);
	}

	/**
	 * Decrypts a message with whichever session it belongs to, and makes that the current
	 * one (signal.md section 12.4).
	 * @param message the message
	 * @param effort how much may be done
	 * @param random draws 32 bytes if the message has a new ratchet key
	 * @return the plaintext and the sessions that follow
	 * @throws DuplicateMessageException if a session has decrypted the message before
	 * @throws InvalidMessageException if it is not a message of these sessions
	 * @throws NoSessionException if there are none
	 * @throws MessageDeferredException if it is not to be found out now
	 */
	Opened decrypt(SignalMessage message, Effort effort, SecureRandom random) {
		EcPublicKey ratchetKey = message.ratchetKey();
		if (this.current != null && this.current.knows(ratchetKey)) {
			return withCurrent(this.current, message, effort, random);
		}
		Session knowing = archivedThatKnows(ratchetKey);
		if (knowing != null) {
			return withArchived(knowing, message, effort, random);
		}
		Opened opened = tryCurrent(message, effort, random);
		return (opened != null) ? opened : tryArchived(message, effort, random);
	}

	/**
	 * Decrypts a message with the session that has its base key, and makes that the
	 * current one (signal.md section 12.3).
	 * @param baseKey the base key
	 * @param message the message
	 * @param effort how much may be done
	 * @param random draws 32 bytes if the message has a new ratchet key
	 * @return the plaintext and the sessions that follow, or {@code null} if no session
	 * has the base key
	 * @throws DuplicateMessageException if the session has decrypted the message before
	 * @throws InvalidMessageException if it is not a message of this session
	 * @throws MessageDeferredException if it is not to be found out now
	 */
	@Nullable Opened decryptMatching(EcPublicKey baseKey, SignalMessage message, Effort effort, SecureRandom random) {
		if (this.current != null && this.current.hasBaseKey(baseKey)) {
			return withCurrent(this.current, message, effort, random);
		}
		Session session = archivedWith(baseKey);
		return (session != null) ? withArchived(session, message, effort, random) : null;
	}

	private Opened withCurrent(Session session, SignalMessage message, Effort effort, SecureRandom random) {
		Session.Decrypted decrypted = session.decrypt(message, effort, random);
		return new Opened(decrypted, withCurrent(decrypted.next()));
	}

	private Opened withArchived(Session session, SignalMessage message, Effort effort, SecureRandom random) {
		Session.Decrypted decrypted = session.decrypt(message, effort, random);
		return new Opened(decrypted, restore(decrypted.next()));
	}

	private @Nullable Opened tryCurrent(SignalMessage message, Effort effort, SecureRandom random) {
		try {
			return (this.current != null) ? withCurrent(this.current, message, effort, random) : null;
		}
		catch (InvalidMessageException ex) {
			return null;
		}
	}

	private Opened tryArchived(SignalMessage message, Effort effort, SecureRandom random) {
		effort.requireSearch();
		List<Session> sessions = allArchived();
		if (this.current == null && sessions.isEmpty()) {
			throw new NoSessionException("There is no session with the peer; process its bundle first");
		}
		int left = MAX_ARCHIVED_JUMPS;
		for (Session session : sessions) {
			try {
				int jump = session.jump(message);
				if (jump <= left) {
					left -= jump;
					return withArchived(session, message, effort, random);
				}
			}
			catch (InvalidMessageException ex) {
				// The next one, then.
			}
		}
		throw new InvalidMessageException("The message is forged, damaged or for no session with the peer");
	}

	private @Nullable Session archivedWith(EcPublicKey baseKey) {
		for (Session session : this.archived) {
			if (session.hasBaseKey(baseKey)) {
				return session;
			}
		}
		return this.restored.contains(baseKey) ? null : decodeIfPresent(this.store.archivedSession(this.peer, baseKey));
	}

	private @Nullable Session archivedThatKnows(EcPublicKey ratchetKey) {
		for (Session session : this.archived) {
			if (session.knows(ratchetKey)) {
				return session;
			}
		}
		Session stored = decodeIfPresent(this.store.archivedSessionThatKnows(this.peer, ratchetKey));
		return (stored != null && !isRestored(stored)) ? stored : null;
	}

	private List<Session> allArchived() {
		return Stream
			.concat(this.archived.stream(),
					this.store.archivedSessions(this.peer)
						.stream()
						.map(Sessions::decode)
						.filter((session) -> !isRestored(session)))
			.limit(SignalStore.MAX_ARCHIVED_SESSIONS)
			.toList();
	}

	private boolean isRestored(Session session) {
		return this.restored.contains(session.context().baseKey());
	}

	private static @Nullable Session decodeIfPresent(byte @Nullable [] session) {
		return (session != null) ? decode(session) : null;
	}

	/** Erases what was read: the store keeps its own. */
	private static Session decode(byte[] session) {
		try {
			return SessionCodec.decode(session);
		}
		finally {
			Arrays.fill(session, (byte) 0);
		}
	}

	/**
	 * Whether no session was archived or restored.
	 * @return whether the current one alone has moved on
	 */
	boolean movesCurrentOnly() {
		return this.archived.isEmpty() && this.restored.isEmpty();
	}

	/**
	 * What the unit of work changed.
	 * @return the changes in their order
	 */
	List<StoreChange> changes() {
		List<StoreChange> changes = new ArrayList<>();
		this.restored.forEach((baseKey) -> changes.add(new StoreChange.SessionRestored(this.peer, baseKey)));
		for (int position = this.archived.size() - 1; position >= 0; position--) {
			changes.add(SessionCodec.archived(this.peer, this.archived.get(position)));
		}
		if (this.current != null) {
			changes
				.add(new StoreChange.SessionUpdated(this.peer, this.version, SessionCodec.encodeStable(this.current)));
		}
		return changes;
	}

	/**
	 * A decrypted message.
	 *
	 * @param decrypted the plaintext and the session after it
	 * @param next the sessions that follow
	 */
	record Opened(Session.Decrypted decrypted, Sessions next) {
	}

}
