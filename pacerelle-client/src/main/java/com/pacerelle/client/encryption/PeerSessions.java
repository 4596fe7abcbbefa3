package com.pacerelle.client.encryption;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.UnknownRecipientException;
import com.pacerelle.client.encryption.Identities.Sighting;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.UntrustedIdentityException;
import com.pacerelle.signal.session.SessionCipher;
import org.jspecify.annotations.Nullable;

/**
 * The sessions with people in one unit of work: under which name they are found, and how
 * they change (gateway.md section 4.2).
 */
final class PeerSessions {

	private final AgentStore store;

	private final Identities identities;

	private final FailureBudget budget;

	private final Events events;

	private SessionCipher cipher;

	private final List<Change> peerNames = new ArrayList<>();

	private final List<Sighting> sightings = new ArrayList<>();

	PeerSessions(AgentStore store, Identities identities, FailureBudget budget, Events events, SecureRandom random,
			Clock clock) {
		this.store = store;
		this.identities = identities;
		this.budget = budget;
		this.events = events;
		this.cipher = new SessionCipher(store, random, clock);
	}

	/**
	 * The identity that a device is known by.
	 * @param person whose device it is, and where
	 * @param deviceId the device, or {@code null}
	 * @return the identity, or {@code null} if none was seen
	 */
	@Nullable KnownIdentity known(ConversationKey person, @Nullable String deviceId) {
		return this.store.knownIdentity(person.to(), deviceId, person.conversationId());
	}

	/**
	 * Decrypts a message of a person.
	 * @param person who sent it, and where
	 * @param deviceId from which device, or {@code null}
	 * @param known the identity that the device is known by, or {@code null}
	 * @param payload the framed message
	 * @return the plaintext
	 * @throws SignalProtocolException if the message is refused; nothing has changed then
	 */
	byte[] decrypt(ConversationKey person, @Nullable String deviceId, @Nullable KnownIdentity known, byte[] payload) {
		ProtocolAddress plain = address(person, null);
		if (deviceId == null) {
			return decrypt(person, null, known, plain, payload);
		}
		boolean usesPlainName = this.store.usesPlainName(person.to(), person.conversationId(), deviceId);
		try {
			byte[] plaintext = decrypt(person, deviceId, known, address(person, deviceId), payload);
			if (usesPlainName) {
				this.peerNames.add(peerNameSeen(person, deviceId, false));
			}
			return plaintext;
		}
		catch (SignalProtocolException ex) {
			byte[] plaintext = decryptUnderPlainName(person, deviceId, known, payload);
			if (plaintext == null) {
				throw ex;
			}
			if (!usesPlainName) {
				this.peerNames.add(peerNameSeen(person, deviceId, true));
			}
			return plaintext;
		}
	}

	private byte[] decrypt(ConversationKey person, @Nullable String deviceId, @Nullable KnownIdentity known,
			ProtocolAddress peer, byte[] payload) {
		byte[] plaintext = decryptWithinBudget(person, deviceId, peer, payload);
		// Whatever was decrypted has one.
		EcPublicKey identity = Objects.requireNonNull(this.cipher.identity(peer));
		this.sightings.add(this.identities.judge(person, deviceId, identity, known, this.sightings));
		return plaintext;
	}

	/**
	 * Decrypts a message, unless its plaintext is not valid, or its device is not
	 * trusted.
	 * @param <T> what is read off the plaintext
	 * @param person who sent it, and where
	 * @param deviceId from which device, or {@code null}
	 * @param payload the framed message
	 * @param reader reads the plaintext; {@code null} refuses it
	 * @return what was read, or {@code null}: nothing has changed then
	 * @throws SignalProtocolException if the message is refused; nothing has changed then
	 */
	<T> @Nullable T decrypt(ConversationKey person, @Nullable String deviceId, byte[] payload,
			Function<byte[], ? extends @Nullable T> reader) {
		SessionCipher before = this.cipher;
		int peerNamesBefore = this.peerNames.size();
		int sightingsBefore = this.sightings.size();
		this.cipher = before.copy();
		T result = null;
		Sighting waiting = null;
		try {
			byte[] plaintext = decrypt(person, deviceId, known(person, deviceId), payload);
			if (sender().state() == KnownIdentity.State.TRUSTED) {
				result = reader.apply(plaintext);
				return result;
			}
			Arrays.fill(plaintext, (byte) 0);
			if (sender().isWaiting() && this.identities.mayWait(sender())) {
				waiting = this.sightings.get(this.sightings.size() - 1);
			}
			return null;
		}
		finally {
			if (result == null) {
				this.cipher = before;
				this.peerNames.subList(peerNamesBefore, this.peerNames.size()).clear();
				this.sightings.subList(sightingsBefore, this.sightings.size()).clear();
			}
			if (waiting != null) {
				// The payload is decrypted again when the device is trusted.
				this.sightings.add(waiting);
			}
		}
	}

	/**
	 * Tries the session of an older client. It only ever uses one that exists: else any
	 * new identity would be trusted under the plain name. And it is one of the identity
	 * that the device is known by: else the owner of a plain session could get the
	 * answers to any device.
	 */
	private byte @Nullable [] decryptUnderPlainName(ConversationKey person, String deviceId,
			@Nullable KnownIdentity sender, byte[] payload) {
		ProtocolAddress plain = address(person, null);
		if (SessionCipher.isPreKeyMessage(payload) || this.store.session(plain) == null) {
			return null;
		}
		EcPublicKey known = this.store.identity(address(person, deviceId));
		if (known != null && !Objects.equals(known, this.store.identity(plain))) {
			return null;
		}
		try {
			return decrypt(person, deviceId, sender, plain, payload);
		}
		catch (SignalProtocolException ex) {
			return null;
		}
	}

	/** Decrypts a message as far as the budget of its peer reaches. */
	private byte[] decryptWithinBudget(ConversationKey person, @Nullable String deviceId, ProtocolAddress peer,
			byte[] payload) {
		if (this.budget.isUsedUp(peer)) {
			return this.cipher.decryptIfCheap(peer, payload);
		}
		try {
			return this.cipher.decrypt(peer, payload);
		}
		catch (InvalidMessageException ex) {
			Duration pause = this.budget.failed(peer);
			if (pause != null) {
				this.events
					.publish(new GatewayEvent.DecryptionLimited(person.to(), person.conversationId(), deviceId, pause));
			}
			throw ex;
		}
	}

	private static Change peerNameSeen(ConversationKey person, String deviceId, boolean plain) {
		return new Change.PeerNameSeen(person.to(), person.conversationId(), deviceId, plain);
	}

	/**
	 * Encrypts a message to a person.
	 * @param person who shall read it, and where
	 * @param deviceId on which device, or {@code null}
	 * @param plaintext the plaintext
	 * @return the framed message
	 * @throws UnknownRecipientException if there is no session
	 * @throws SignalProtocolException if the session cannot be used
	 */
	byte[] encrypt(ConversationKey person, @Nullable String deviceId, byte[] plaintext) {
		KnownIdentity known = known(person, deviceId);
		if (known != null && known.state() != KnownIdentity.State.TRUSTED) {
			throw new UntrustedIdentityException("The device is not trusted: nothing is sent to it");
		}
		boolean plain = deviceId != null && this.store.usesPlainName(person.to(), person.conversationId(), deviceId);
		try {
			return this.cipher.encrypt(address(person, plain ? null : deviceId), plaintext);
		}
		catch (NoSessionException ex) {
			throw new UnknownRecipientException(person.to(), person.conversationId(), ex);
		}
	}

	/**
	 * Whether all changes are current sessions that have moved on.
	 * @return whether there is no other change
	 */
	boolean movesSessionsOnly() {
		return this.peerNames.isEmpty() && this.sightings.stream().noneMatch(Sighting::isNew)
				&& this.cipher.movesSessionsOnly();
	}

	/**
	 * What has changed so far.
	 * @return the changes, to be committed together
	 */
	List<Change> changes() {
		List<Change> changes = new ArrayList<>(this.peerNames);
		this.sightings.stream()
			.filter(Sighting::isNew)
			.forEach((sighting) -> changes.add(new Change.IdentityKnown(sighting.identity())));
		this.cipher.changes().forEach((change) -> changes.add(new Change.Session(change)));
		return changes;
	}

	/**
	 * Who sent what was decrypted last.
	 * @return the identity
	 */
	KnownIdentity sender() {
		return this.sightings.get(this.sightings.size() - 1).identity();
	}

	/**
	 * Tells that the changes are committed.
	 */
	void committed() {
		this.identities.committed(this.sightings);
	}

	/**
	 * The address of the sessions with a device.
	 * @param person the person, and where
	 * @param deviceId the device, or {@code null} for the plain name
	 * @return the address
	 */
	static ProtocolAddress address(ConversationKey person, @Nullable String deviceId) {
		return new ReplyContext(person.to(), person.conversationId(), deviceId).address();
	}

}
