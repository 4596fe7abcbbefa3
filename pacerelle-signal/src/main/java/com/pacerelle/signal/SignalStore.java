package com.pacerelle.signal;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The records that the session protocol needs, each read by its own key, so that a
 * message costs the same however many records there are (signal.md section 13). All that
 * an operation changes comes back as a list of {@link StoreChange}s which is committed as
 * one.
 */
public interface SignalStore {

	/** How many sessions with a peer stay archived (signal.md section 11). */
	int MAX_ARCHIVED_SESSIONS = 40;

	/**
	 * The own identity key pair.
	 * @return the same pair for the whole life of the store
	 */
	EcKeyPair identityKeyPair();

	/**
	 * The own registration id.
	 * @return a number in 1..16380
	 */
	int registrationId();

	/**
	 * The identity key that a peer is known by.
	 * @param peer the peer
	 * @return the key, or {@code null} if the peer was never seen
	 */
	@Nullable EcPublicKey identity(ProtocolAddress peer);

	/**
	 * The current session with a peer, as it was last stored.
	 * @param peer the peer
	 * @return the session, which the caller erases, or {@code null} if there is none
	 */
	@Nullable StoredSession session(ProtocolAddress peer);

	/**
	 * The archived session with a peer that was created with a base key.
	 * @param peer the peer
	 * @param baseKey the base key
	 * @return the encoded session, which the caller erases, or {@code null} if none is
	 * archived
	 */
	byte @Nullable [] archivedSession(ProtocolAddress peer, EcPublicKey baseKey);

	/**
	 * The archived session with a peer that has received messages with a ratchet key.
	 * @param peer the peer
	 * @param ratchetKey the ratchet key
	 * @return the encoded session, the newest one of several, which the caller erases, or
	 * {@code null} if there is none
	 */
	byte @Nullable [] archivedSessionThatKnows(ProtocolAddress peer, EcPublicKey ratchetKey);

	/**
	 * All archived sessions with a peer, of which there are at most
	 * {@link #MAX_ARCHIVED_SESSIONS}. Few messages ask for them.
	 * @param peer the peer
	 * @return the encoded sessions, which the caller erases, the one that was archived
	 * last first
	 */
	List<byte[]> archivedSessions(ProtocolAddress peer);

	/**
	 * A one-time prekey that was not used yet.
	 * @param id its id, unsigned
	 * @return the prekey, or {@code null} if it is unknown or used
	 */
	@Nullable OneTimePreKey oneTimePreKey(int id);

	/**
	 * A signed prekey.
	 * @param id its id, unsigned
	 * @return the prekey, or {@code null} if it is unknown
	 */
	@Nullable SignedPreKey signedPreKey(int id);

	/**
	 * A Kyber prekey.
	 * @param id its id, unsigned
	 * @return the prekey, or {@code null} if it is unknown
	 */
	@Nullable KyberPreKey kyberPreKey(int id);

	/**
	 * Whether a session was created with this base key before.
	 * @param kyberPreKeyId the Kyber prekey of that session
	 * @param signedPreKeyId the signed prekey of that session
	 * @param baseKey the base key
	 * @return whether the base key is known for these prekeys
	 */
	boolean isBaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey);

	/**
	 * Stores all changes in one transaction, durably, or none of them.
	 * @param changes the changes, in their order
	 * @throws IllegalStateException if a change contradicts the store: a one-time prekey
	 * that is not there any more, a base key that is there already, another identity of a
	 * known peer, a session whose predecessor is not the stored one. Two units of work
	 * that went on from the same session would use the same message keys: the second of
	 * them is refused, and has to start over from what the first has stored
	 */
	void commit(List<StoreChange> changes);

}
