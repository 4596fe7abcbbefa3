package com.pacerelle.client.encryption;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.GroupKeysLimited.Reason;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.KnownGroupKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.signal.MessageDeferredException;
import com.pacerelle.signal.SignalProtocolException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the keys of groups that members give to the agent (gateway.md section 7). What one
 * member gives does not affect the others: each has a share of what is opened at once,
 * and an envelope that cannot be opened is reported once and left alone for a while.
 */
public final class GroupKeys {

	/** How many new keys are opened at most while a conversation waits. */
	static final int MAX_ENVELOPES = 200;

	/** How many of them one member has given. */
	static final int MAX_ENVELOPES_OF_MEMBER = 20;

	/** Another message of the member may make an envelope readable. */
	static final Duration RETRY_AFTER = Duration.ofHours(1);

	private static final Comparator<GroupKeyEnvelope> HIGHEST_FIRST = Comparator
		.comparingLong((GroupKeyEnvelope envelope) -> envelope.id().epoch())
		.reversed();

	private static final int MAX_REMEMBERED = 5000;

	private static final Logger logger = LoggerFactory.getLogger(GroupKeys.class);

	private final GroupKeyEndpoint endpoint;

	private final AgentStore store;

	private final Events events;

	private final Clock clock;

	/** Until when envelopes that were reported are left alone. */
	private final Map<Attempt, Instant> rejected = remembered();

	private final Map<GatewayEvent, Boolean> limited = remembered();

	/**
	 * Creates the keys of a client.
	 * @param relay asks the relay
	 * @param store where keys are
	 * @param events told about keys that were added or rejected
	 * @param clock tells the time
	 */
	public GroupKeys(RelayHttpClient relay, AgentStore store, Events events, Clock clock) {
		this.endpoint = new GroupKeyEndpoint(relay);
		this.store = store;
		this.events = events;
		this.clock = clock;
	}

	private static <K, V> Map<K, V> remembered() {
		return Collections.synchronizedMap(new LinkedHashMap<K, V>() {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
				return size() > MAX_REMEMBERED;
			}

		});
	}

	/**
	 * Asks the relay for keys. Blocks for the network: no lock may be held.
	 * @param conversationId the group's conversation
	 * @return the envelopes of keys that are not known yet, the newest keys first
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	List<GroupKeyEnvelope> fetch(String conversationId) {
		return select(conversationId, this.endpoint.envelopes(conversationId));
	}

	/**
	 * Selects the envelopes that are worth opening, with a fair share for each member.
	 * @param conversationId the group's conversation
	 * @param envelopes what the relay has
	 * @return the envelopes, the newest keys first
	 */
	List<GroupKeyEnvelope> select(String conversationId, List<GroupKeyEnvelope> envelopes) {
		List<KnownGroupKey> keys = this.store.groupKeys(conversationId);
		Set<GroupKeyId> known = keys.stream()
			.map((key) -> new GroupKeyId(conversationId, key.keyId(), key.epoch()))
			.collect(Collectors.toSet());
		Map<String, List<GroupKeyEnvelope>> byMember = envelopes.stream()
			.filter((envelope) -> !known.contains(envelope.id()))
			.sorted(HIGHEST_FIRST)
			.collect(Collectors.groupingBy(GroupKeyEnvelope::senderId, LinkedHashMap::new, Collectors.toList()));
		List<List<GroupKeyEnvelope>> shares = new ArrayList<>();
		byMember.forEach((member, theirs) -> shares.add(share(conversationId, member, theirs, keys)));
		return IntStream.range(0, MAX_ENVELOPES_OF_MEMBER)
			.boxed()
			.flatMap((turn) -> shares.stream().filter((share) -> share.size() > turn).map((share) -> share.get(turn)))
			.limit(MAX_ENVELOPES)
			.sorted(HIGHEST_FIRST)
			.toList();
	}

	private List<GroupKeyEnvelope> share(String conversationId, String member, List<GroupKeyEnvelope> envelopes,
			List<KnownGroupKey> keys) {
		// The store would delete a lower one at once.
		long lowest = keys.stream()
			.filter((key) -> key.givenBy().equals(member))
			.map(KnownGroupKey::epoch)
			.sorted(Comparator.reverseOrder())
			.skip(AgentStore.MAX_GROUP_KEYS - 1)
			.findFirst()
			.orElse(0L);
		Instant now = this.clock.instant();
		List<GroupKeyEnvelope> due = envelopes.stream()
			.filter((envelope) -> envelope.id().epoch() >= lowest)
			.filter((envelope) -> !now.isBefore(this.rejected.getOrDefault(Attempt.of(envelope), Instant.MIN)))
			.limit(MAX_ENVELOPES_OF_MEMBER + 1)
			.toList();
		if (due.size() <= MAX_ENVELOPES_OF_MEMBER) {
			return due;
		}
		limited(new GatewayEvent.GroupKeysLimited(conversationId, member, Reason.TOO_MANY));
		return due.subList(0, MAX_ENVELOPES_OF_MEMBER);
	}

	/**
	 * Opens envelopes with the sessions of those who sent them.
	 * @param envelopes the envelopes of one group, whose lock is held
	 * @param sessions the sessions
	 * @return what is new, the newest keys first
	 */
	List<Opened> open(List<GroupKeyEnvelope> envelopes, PeerSessions sessions) {
		List<Opened> opened = new ArrayList<>();
		Instant now = this.clock.instant();
		for (GroupKeyEnvelope envelope : envelopes) {
			boolean known = isKnown(envelope.id())
					|| opened.stream().anyMatch((one) -> one.envelope().id().equals(envelope.id()));
			GroupKey key = (known || !mayBeTrusted(envelope)) ? null : open(envelope, sessions);
			if (key != null) {
				opened.add(new Opened(envelope, key, now));
			}
		}
		return opened;
	}

	private boolean isKnown(GroupKeyId id) {
		GroupKey key = this.store.groupKey(id.conversationId(), id.keyId(), id.epoch());
		if (key != null) {
			Arrays.fill(key.key(), (byte) 0);
		}
		return key != null;
	}

	/** What a device gives that waits for approval is opened when it is trusted. */
	private boolean mayBeTrusted(GroupKeyEnvelope envelope) {
		KnownIdentity known = this.store.knownIdentity(envelope.senderId(), envelope.deviceId(),
				envelope.id().conversationId());
		return known == null || known.state() == KnownIdentity.State.TRUSTED;
	}

	private @Nullable GroupKey open(GroupKeyEnvelope envelope, PeerSessions sessions) {
		AtomicBoolean read = new AtomicBoolean();
		try {
			GroupKey key = sessions.decrypt(new ConversationKey(envelope.senderId(), envelope.id().conversationId()),
					envelope.deviceId(), envelope.payload(), (plaintext) -> {
						read.set(true);
						return read(envelope, plaintext);
					});
			if (key == null) {
				reject(envelope, read.get());
			}
			return key;
		}
		catch (SignalProtocolException ex) {
			logger.debug("An envelope with a group's key cannot be decrypted: {}", ex.getClass().getSimpleName());
			reject(envelope, !(ex instanceof MessageDeferredException));
			return null;
		}
	}

	private static @Nullable GroupKey read(GroupKeyEnvelope envelope, byte[] plaintext) {
		try {
			return envelope.id().readKey(plaintext);
		}
		finally {
			Arrays.fill(plaintext, (byte) 0);
		}
	}

	private void reject(GroupKeyEnvelope envelope, boolean forAWhile) {
		GroupKeyId id = envelope.id();
		Instant now = this.clock.instant();
		if (this.rejected.put(Attempt.of(envelope), forAWhile ? now.plus(RETRY_AFTER) : now) == null) {
			logger.warn(
					"The key {} of the group {} that {} sent is rejected: it cannot be decrypted with the sessions of"
							+ " this agent, or is not the one that the relay names",
					PrintableId.of(id.keyId()), PrintableId.of(id.conversationId()),
					PrintableId.of(envelope.senderId()));
			this.events
				.publish(new GatewayEvent.GroupKeyRejected(id.conversationId(), id.keyId(), envelope.senderId()));
		}
	}

	/**
	 * Notifies that a key is not used for writing, although its epoch is the highest.
	 * @param conversationId the group's conversation
	 * @param key the key
	 */
	void passedOver(String conversationId, KnownGroupKey key) {
		limited(new GatewayEvent.GroupKeysLimited(conversationId, key.givenBy(), Reason.EPOCH_AHEAD));
	}

	private void limited(GatewayEvent.GroupKeysLimited event) {
		if (this.limited.put(event, true) == null) {
			logger.warn("Of the keys that {} has given for the group {}, {}", PrintableId.of(event.senderId()),
					PrintableId.of(event.conversationId()), switch (event.reason()) {
						case TOO_MANY -> "only some are opened at once: there are too many new ones";
						case EPOCH_AHEAD ->
							"some are only read with: their epochs are ahead of the keys that other" + " members use";
					});
			this.events.publish(event);
		}
	}

	/**
	 * Notifies that new keys are committed.
	 * @param keys the keys
	 */
	void added(List<Opened> keys) {
		for (Opened opened : keys) {
			GroupKeyEnvelope envelope = opened.envelope();
			GroupKeyId id = envelope.id();
			this.events.publish(new GatewayEvent.GroupKeyAdded(id.conversationId(), id.keyId(), id.epoch(),
					envelope.senderId(), envelope.deviceId()));
		}
	}

	/**
	 * A key, and how it came.
	 *
	 * @param envelope the envelope
	 * @param key the key
	 * @param openedAt when
	 */
	record Opened(GroupKeyEnvelope envelope, GroupKey key, Instant openedAt) {

		KnownGroupKey known() {
			return new KnownGroupKey(this.key.keyId(), this.key.epoch(), this.envelope.senderId(), this.openedAt,
					false);
		}

	}

	/**
	 * What is remembered of an envelope that was not opened.
	 *
	 * @param id which key it was said to be
	 * @param senderId the member
	 * @param deviceId the member's device, or {@code null}
	 * @param payload the hash of the payload
	 */
	private record Attempt(GroupKeyId id, String senderId, @Nullable String deviceId, String payload) {

		static Attempt of(GroupKeyEnvelope envelope) {
			return new Attempt(envelope.id(), envelope.senderId(), envelope.deviceId(),
					HexFormat.of().formatHex(Digests.sha256(envelope.payload())));
		}

	}

}
