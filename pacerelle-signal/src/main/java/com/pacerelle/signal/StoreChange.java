package com.pacerelle.signal;

import java.util.List;

/**
 * A change that a successful operation makes to the store (signal.md sections 12, 13).
 */
public sealed interface StoreChange {

	/**
	 * The current session with a peer is new or has moved on. Contradicts the store when
	 * the session that is stored has another version than the predecessor.
	 *
	 * @param peer the peer
	 * @param predecessor the version of the session that this one replaces, or 0 if there
	 * is none; the version of this one is greater by one
	 * @param session the encoded session, which holds secrets
	 */
	record SessionUpdated(ProtocolAddress peer, long predecessor, byte[] session) implements StoreChange {

		@Override
		public String toString() {
			return "SessionUpdated[peer=" + this.peer + "]";
		}

	}

	/**
	 * A session with a peer is not the current one any more, but may still get late
	 * messages. The oldest beyond {@link SignalStore#MAX_ARCHIVED_SESSIONS} is forgotten.
	 * It comes with the {@link SessionUpdated} of its successor, which keeps units of
	 * work apart.
	 *
	 * @param peer the peer
	 * @param baseKey what names the session among those with the peer
	 * @param ratchetKeys the peer's ratchet keys that the session knows
	 * @param session the encoded session, which holds secrets
	 */
	record SessionArchived(ProtocolAddress peer, EcPublicKey baseKey, List<EcPublicKey> ratchetKeys,
			byte[] session) implements StoreChange {

		@Override
		public String toString() {
			return "SessionArchived[peer=" + this.peer + "]";
		}

	}

	/**
	 * A session is not archived any more, because a late message has made it the current
	 * one again. It comes with the {@link SessionUpdated} of that.
	 *
	 * @param peer the peer
	 * @param baseKey what names the session among those with the peer
	 */
	record SessionRestored(ProtocolAddress peer, EcPublicKey baseKey) implements StoreChange {
	}

	/**
	 * A peer was seen for the first time.
	 *
	 * @param peer the peer
	 * @param identity its identity key, trusted from now on
	 */
	record IdentitySeen(ProtocolAddress peer, EcPublicKey identity) implements StoreChange {
	}

	/**
	 * A one-time prekey was used and is to be deleted.
	 *
	 * @param id its id, unsigned
	 */
	record OneTimePreKeyUsed(int id) implements StoreChange {
	}

	/**
	 * A session was created with this base key, which must not create another one.
	 *
	 * @param kyberPreKeyId the Kyber prekey of the session, unsigned
	 * @param signedPreKeyId the signed prekey of the session, unsigned
	 * @param baseKey the base key
	 */
	record BaseKeySeen(int kyberPreKeyId, int signedPreKeyId, EcPublicKey baseKey) implements StoreChange {
	}

}
