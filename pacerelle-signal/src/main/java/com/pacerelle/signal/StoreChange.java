package com.pacerelle.signal;

/**
 * A change that a successful operation makes to the store (signal.md sections 12, 13).
 */
public sealed interface StoreChange {

	/**
	 * The session record of a peer is new or has moved on. It holds secrets.
	 *
	 * @param peer the peer
	 * @param record the record that replaces the stored one
	 */
	record SessionUpdated(ProtocolAddress peer, byte[] record) implements StoreChange {

		@Override
		public String toString() {
			return "SessionUpdated[peer=" + this.peer + "]";
		}

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
