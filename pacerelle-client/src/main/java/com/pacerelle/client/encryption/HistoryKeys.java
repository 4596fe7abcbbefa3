package com.pacerelle.client.encryption;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.history.ConversationHistory;
import com.pacerelle.client.history.HistoryContext;
import com.pacerelle.client.history.HistoryRecord;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.signal.EcPublicKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of archives in one unit of work: those that people deliver, and what the agent
 * puts into an archive with them (gateway.md sections 6, 11). A key opens nothing but
 * what is said to whoever delivered it: the members of a group, or a person's device; if
 * it is the person's first device, all of them.
 */
final class HistoryKeys {

	private final AgentStore store;

	private final String agentId;

	private final SecureRandom random;

	private final Clock clock;

	private final List<Change> changes = new ArrayList<>();

	HistoryKeys(AgentStore store, String agentId, SecureRandom random, Clock clock) {
		this.store = store;
		this.agentId = agentId;
		this.random = random;
		this.clock = clock;
	}

	/**
	 * Takes a plaintext out of the wrapper that delivers a key.
	 * @param conversation the person or the group
	 * @param deviceId the device that sent it, or {@code null}
	 * @param sender the identity that sent it, or {@code null} if that was found out
	 * before, and for a group
	 * @param text the plaintext, with or without a wrapper
	 * @return the plaintext without one
	 * @throws PayloadRefusedException if the wrapper is not valid, or delivers another
	 * key than the one before
	 */
	String unwrap(ConversationKey conversation, @Nullable String deviceId, @Nullable KnownIdentity sender, String text)
			throws PayloadRefusedException {
		ObjectNode payload = GatewayJson.readObject(text);
		if (payload == null || !HistoryDelivery.isDelivery(payload)) {
			return text;
		}
		HistoryDelivery delivery = HistoryDelivery.read(payload);
		if (!HistoryContext.isIdentifier(conversation.conversationId())) {
			// No record could be made, and so nothing be sent there any more.
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		// Whoever knows a group's key can write in the name of any member and device.
		String device = conversation.isGroup() ? null : deviceId;
		EcPublicKey identity = conversation.isGroup() ? null
				: (sender != null) ? sender.identity() : identity(conversation, deviceId);
		KnownHistoryKey before = find(known(conversation), device, identity);
		if (before == null) {
			this.changes.add(new Change.HistoryKeyDelivered(new KnownHistoryKey(conversation.conversationId(),
					conversation.to(), device, identity, delivery.key(), this.clock.instant())));
		}
		else if (!isSame(before.key(), delivery.key())) {
			throw new PayloadRefusedException(RejectionReason.HISTORY_KEY_CHANGED);
		}
		return delivery.body();
	}

	private @Nullable EcPublicKey identity(ConversationKey person, @Nullable String deviceId) {
		KnownIdentity known = this.store.knownIdentity(person.to(), deviceId, person.conversationId());
		return (known != null) ? known.identity() : null;
	}

	private List<KnownHistoryKey> known(ConversationKey conversation) {
		return this.store.historyKeys(conversation.conversationId(), conversation.to());
	}

	/** A device with another identity than before is another device. */
	private static @Nullable KnownHistoryKey find(List<KnownHistoryKey> keys, @Nullable String deviceId,
			@Nullable EcPublicKey identity) {
		return keys.stream()
			.filter((key) -> Objects.equals(key.deviceId(), deviceId) && Objects.equals(key.identity(), identity))
			.findFirst()
			.orElse(null);
	}

	private static boolean isSame(HistoryKey known, HistoryKey other) {
		return known.keyId().equals(other.keyId()) && known.epoch() == other.epoch()
				&& MessageDigest.isEqual(known.key(), other.key());
	}

	/**
	 * Makes the record of a message that the agent sends.
	 * @param conversation to whom
	 * @param deviceId to which device, or {@code null}
	 * @param messageId the message
	 * @param plaintext its plaintext
	 * @return the record, or {@code null} if there is no archive for it
	 */
	@Nullable HistoryRecord seal(ConversationKey conversation, @Nullable String deviceId, String messageId, String plaintext) {
		List<KnownHistoryKey> known = known(conversation);
		KnownHistoryKey owned = known.isEmpty() ? null : choose(known, conversation, deviceId);
		if (owned == null) {
			return null;
		}
		HistoryKey key = owned.key();
		try (ConversationHistory history = new ConversationHistory(key.key(), this.random)) {
			return history.seal(plaintext, new HistoryContext(conversation.conversationId(), messageId, this.agentId,
					HistoryContext.SenderType.AGENT, key.keyId(), key.epoch()));
		}
		finally {
			known.forEach((one) -> Arrays.fill(one.key().key(), (byte) 0));
		}
	}

	private @Nullable KnownHistoryKey choose(List<KnownHistoryKey> keys, ConversationKey conversation,
			@Nullable String deviceId) {
		if (conversation.isGroup()) {
			return keys.get(0);
		}
		KnownHistoryKey own = find(keys, deviceId, identity(conversation, deviceId));
		return (own != null) ? own : keyOfTheFirstDevice(keys, conversation);
	}

	/**
	 * A device that came later could be invented, and may not read what is said to
	 * others. Which one is the first depends on where its identity was seen first, in
	 * whatever conversation. An older store has seen all its identities at one time.
	 */
	private @Nullable KnownHistoryKey keyOfTheFirstDevice(List<KnownHistoryKey> keys, ConversationKey person) {
		List<KnownIdentity> trusted = this.store.identities(person.to())
			.stream()
			.filter((one) -> one.state() == KnownIdentity.State.TRUSTED)
			.toList();
		Set<EcPublicKey> first = trusted.stream()
			.filter((one) -> one.firstSeen().equals(trusted.get(0).firstSeen()))
			.map(KnownIdentity::identity)
			.collect(Collectors.toSet());
		return trusted.stream()
			.filter((one) -> one.conversationId().equals(person.conversationId()) && first.contains(one.identity()))
			.map((one) -> find(keys, one.deviceId(), one.identity()))
			.filter(Objects::nonNull)
			.min(Comparator.comparing(KnownHistoryKey::deliveredAt))
			.orElse(null);
	}

	/**
	 * What has changed so far.
	 * @return the changes, to be committed together
	 */
	List<Change> changes() {
		return List.copyOf(this.changes);
	}

}
