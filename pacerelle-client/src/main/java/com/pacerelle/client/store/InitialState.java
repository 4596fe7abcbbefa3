package com.pacerelle.client.store;

import java.util.List;

import com.pacerelle.signal.EcKeyPair;

/**
 * What a new store starts with, when its agent comes from elsewhere. Its
 * {@code toString()} has no keys.
 *
 * @param identityKeyPair the agent's identity key pair
 * @param registrationId its registration id, of at most 14 bits
 * @param nextPreKeyId an id that no prekey had, nor any greater one
 * @param changes what else there is, written in the transaction that creates the agent
 */
public record InitialState(EcKeyPair identityKeyPair, int registrationId, int nextPreKeyId, List<Change> changes) {

	public InitialState {
		if (registrationId < 0 || registrationId > 0x3FFF) {
			throw new IllegalArgumentException("'registrationId' must have at most 14 bits");
		}
		if (nextPreKeyId < 1) {
			throw new IllegalArgumentException("'nextPreKeyId' must be positive");
		}
		changes = List.copyOf(changes);
	}

	@Override
	public String toString() {
		return "InitialState[registrationId=" + this.registrationId + ", changes=" + this.changes.size() + "]";
	}

}
