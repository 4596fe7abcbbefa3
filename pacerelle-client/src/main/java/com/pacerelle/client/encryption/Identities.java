package com.pacerelle.client.encryption;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.Novelty;
import com.pacerelle.client.KnownDevice;
import com.pacerelle.client.NewDevicePolicy;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.KnownIdentity.State;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.signal.EcPublicKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the identities that the devices of people have (gateway.md section 11). Whether
 * one is trusted depends on the person and the key: a device may have one identity
 * everywhere, or another one in each conversation.
 */
public final class Identities {

	/** Who invents devices costs no more than this. */
	private static final int MAX_WAITING_DEVICES = 10;

	private static final int MAX_WAITING_MESSAGES = 20;

	private static final Logger logger = LoggerFactory.getLogger(Identities.class);

	private final NewDevicePolicy policy;

	private final AgentStore store;

	private final Events events;

	private final Runnable trustListener;

	private final Clock clock;

	/**
	 * Creates the identities of a client.
	 * @param policy what happens to new ones
	 * @param store where they are
	 * @param events told about new ones, and about decisions
	 * @param trustListener called when a device is trusted whose messages wait: it has
	 * them come again
	 * @param clock tells the time
	 */
	public Identities(NewDevicePolicy policy, AgentStore store, Events events, Runnable trustListener, Clock clock) {
		this.policy = policy;
		this.store = store;
		this.events = events;
		this.trustListener = trustListener;
		this.clock = clock;
	}

	/**
	 * Judges the identity that a message was decrypted with.
	 * @param person who sent it, and where
	 * @param deviceId from which device, or {@code null}
	 * @param identity the identity
	 * @param known the one that the device is known by, or {@code null}
	 * @param uncommitted what was judged before in the same unit of work
	 * @return what is known of it
	 */
	Sighting judge(ConversationKey person, @Nullable String deviceId, EcPublicKey identity,
			@Nullable KnownIdentity known, List<Sighting> uncommitted) {
		if (known != null && known.identity().equals(identity)) {
			return new Sighting(known, false, null);
		}
		List<KnownIdentity> others = Stream
			.concat(this.store.identities(person.to()).stream(),
					uncommitted.stream().map(Sighting::identity).filter((one) -> one.userId().equals(person.to())))
			.toList();
		State state = others.stream()
			.filter((other) -> other.identity().equals(identity))
			.map(KnownIdentity::state)
			.findFirst()
			.orElse((this.policy == NewDevicePolicy.APPROVE && !others.isEmpty()) ? State.WAITING : State.TRUSTED);
		KnownIdentity seen = new KnownIdentity(person.to(), deviceId, person.conversationId(), identity,
				this.clock.instant(), state);
		return new Sighting(seen, true, (this.policy != NewDevicePolicy.ACCEPT) ? novelty(seen, known, others) : null);
	}

	private static @Nullable Novelty novelty(KnownIdentity seen, @Nullable KnownIdentity before,
			List<KnownIdentity> others) {
		if (before != null) {
			return Novelty.CHANGED;
		}
		if (others.isEmpty() || others.stream().anyMatch((other) -> other.identity().equals(seen.identity()))) {
			return null;
		}
		return others.stream().anyMatch((other) -> Objects.equals(other.deviceId(), seen.deviceId()))
				? Novelty.DIFFERENT_ELSEWHERE : Novelty.NEW_DEVICE;
	}

	/**
	 * Tells that what was seen is committed.
	 * @param sightings what was seen
	 */
	void committed(List<Sighting> sightings) {
		for (Sighting sighting : sightings) {
			Novelty novelty = sighting.novelty();
			if (novelty != null) {
				KnownDevice device = describe(sighting.identity());
				logger.warn(
						"{} writes from {} in conversation {} under {}, verification code {}. {}If the person's"
								+ " device shows another code, refuse it with AgentGatewayClient.refuseDevice",
						PrintableId.of(device.userId()), name(device), PrintableId.of(device.conversationId()),
						describe(novelty), device.verificationCode(), sighting.identity().isWaiting()
								? "It waits for approval, also with AgentGatewayClient.trustDevice. " : "");
				this.events.publish(new GatewayEvent.DeviceAdded(device, novelty));
			}
		}
	}

	private static String name(KnownDevice device) {
		return (device.deviceId() != null) ? "device " + PrintableId.of(device.deviceId()) : "a device without an id";
	}

	private static String describe(Novelty novelty) {
		return switch (novelty) {
			case NEW_DEVICE -> "an identity that is new, as is the device";
			case CHANGED -> "another identity than before";
			case DIFFERENT_ELSEWHERE -> "another identity than in other conversations";
		};
	}

	/**
	 * Whether there is room for a message of an identity that nobody has decided about.
	 * @param sender the identity
	 * @return whether the message may wait
	 */
	public boolean mayWait(KnownIdentity sender) {
		long others = this.store.identities(sender.userId())
			.stream()
			.filter((one) -> one.isWaiting() && !(Objects.equals(one.deviceId(), sender.deviceId())
					&& one.conversationId().equals(sender.conversationId())))
			.count();
		return others < MAX_WAITING_DEVICES
				&& this.store.waitingMessages(sender.userId(), sender.deviceId()) < MAX_WAITING_MESSAGES;
	}

	/**
	 * Trusts whoever waits, unless somebody is to approve it: nobody would be asked any
	 * more. Blocks.
	 */
	public void start() {
		if (this.policy != NewDevicePolicy.APPROVE) {
			this.store.waitingIdentities().forEach((identity) -> decide(identity, State.TRUSTED));
		}
	}

	/**
	 * The identities of a person.
	 * @param userId the person
	 * @return the identities in the order of their first use
	 */
	public List<KnownDevice> devices(String userId) {
		return this.store.identities(userId).stream().map(Identities::describe).toList();
	}

	/**
	 * The identities of all people that nobody has decided about.
	 * @return the identities in the order of their first use
	 */
	public List<KnownDevice> waitingDevices() {
		return this.store.waitingIdentities().stream().map(Identities::describe).toList();
	}

	/**
	 * Decides whether an identity is trusted, wherever the person has it. Blocks.
	 * @param userId the person
	 * @param verificationCode the code of the identity
	 * @param state trusted or refused
	 * @throws IllegalArgumentException if the person has no such identity
	 */
	public void decide(String userId, String verificationCode, State state) {
		decide(find(userId, verificationCode).get(0), state);
	}

	/**
	 * Finds an identity of a person, wherever the person has it.
	 * @param userId the person
	 * @param verificationCode the code of the identity
	 * @return where the person has it, in the order of first use; not empty
	 * @throws IllegalArgumentException if the person has no such identity
	 */
	List<KnownIdentity> find(String userId, String verificationCode) {
		List<KnownIdentity> found = this.store.identities(userId)
			.stream()
			.filter((one) -> VerificationCode.of(one.identity()).equals(verificationCode))
			.toList();
		if (found.isEmpty()) {
			throw new IllegalArgumentException(
					"The person has no device with this verification code: 'devices' has those that are known");
		}
		return found;
	}

	/**
	 * Tells that an identity is forgotten.
	 * @param identity the identity before
	 */
	void forgotten(KnownIdentity identity) {
		KnownDevice device = describe(identity);
		logger.info("{} of {} with verification code {} is forgotten", name(device), PrintableId.of(device.userId()),
				device.verificationCode());
		this.events.publish(new GatewayEvent.DeviceForgotten(device));
	}

	private void decide(KnownIdentity identity, State state) {
		this.store.commitAndWait(List
			.of(new Change.IdentityDecided(identity.userId(), identity.identity(), state, this.clock.instant())));
		decided(identity, state);
	}

	/**
	 * Tells that a decision is committed.
	 * @param identity the identity before
	 * @param state trusted or refused
	 */
	public void decided(KnownIdentity identity, State state) {
		KnownDevice device = describe(new KnownIdentity(identity.userId(), identity.deviceId(),
				identity.conversationId(), identity.identity(), identity.firstSeen(), state));
		logger.info("{} of {} with verification code {} is {}", name(device), PrintableId.of(device.userId()),
				device.verificationCode(), (state == State.TRUSTED) ? "trusted" : "refused");
		this.events.publish(new GatewayEvent.DeviceDecided(device));
		if (state == State.TRUSTED && identity.isWaiting()) {
			this.trustListener.run();
		}
	}

	/**
	 * An identity as the application knows it.
	 * @param identity the identity
	 * @return the same
	 */
	public static KnownDevice describe(KnownIdentity identity) {
		return new KnownDevice(identity.userId(), identity.deviceId(), identity.conversationId(),
				VerificationCode.of(identity.identity()), identity.firstSeen(), switch (identity.state()) {
					case TRUSTED -> KnownDevice.Trust.TRUSTED;
					case WAITING, ASKED -> KnownDevice.Trust.WAITING;
					case REFUSED -> KnownDevice.Trust.REFUSED;
				});
	}

	/**
	 * An identity that was used.
	 *
	 * @param identity the identity
	 * @param isNew whether its device did not have it in this conversation before
	 * @param novelty what is to be told about it, or {@code null}
	 */
	record Sighting(KnownIdentity identity, boolean isNew, @Nullable Novelty novelty) {
	}

}
