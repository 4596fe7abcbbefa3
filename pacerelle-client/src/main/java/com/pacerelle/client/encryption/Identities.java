package com.pacerelle.client.encryption;

import java.time.Clock;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.KnownIdentity.State;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.signal.EcPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Judges the identities that the devices of people have (gateway.md section 11).
 */
public final class Identities {

	private final AgentStore store;

	private final Clock clock;

	/**
	 * Creates the identities of a client.
	 * @param store where they are
	 * @param clock tells the time
	 */
	public Identities(AgentStore store, Clock clock) {
		this.store = store;
		this.clock = clock;
	}

	/**
	 * Judges the identity that a message was decrypted with.
	 * @param person who sent it, and where
	 * @param deviceId from which device, or {@code null}
	 * @param identity the identity
	 * @return what is known of it
	 */
	Sighting judge(ConversationKey person, @Nullable String deviceId, EcPublicKey identity) {
		KnownIdentity known = this.store.knownIdentity(person.to(), deviceId, person.conversationId());
		if (known != null && known.identity().equals(identity)) {
			return new Sighting(known, false);
		}
		List<KnownIdentity> others = this.store.identities(person.to());
		State state = others.stream()
			.filter((other) -> other.identity().equals(identity))
			.findFirst()
			.map(KnownIdentity::state)
			.orElse(State.TRUSTED);
		return new Sighting(new KnownIdentity(person.to(), deviceId, person.conversationId(), identity,
				this.clock.instant(), state), true);
	}

	/**
	 * An identity that was used.
	 *
	 * @param identity the identity
	 * @param isNew whether its device did not have it in this conversation before
	 */
	record Sighting(KnownIdentity identity, boolean isNew) {
	}

}
