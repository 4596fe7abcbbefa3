package com.pacerelle.client.encryption;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.signal.SignalProtocolException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the keys of groups that members give to the agent (gateway.md section 7). An
 * invalid envelope of one member does not affect the others: it is reported once and
 * skipped.
 */
public final class GroupKeys {

	/** How many new keys are opened at most while a conversation waits. */
	private static final int MAX_ENVELOPES = 200;

	private static final int MAX_REPORTED = 1000;

	private static final Logger logger = LoggerFactory.getLogger(GroupKeys.class);

	private final GroupKeyEndpoint endpoint;

	private final AgentStore store;

	private final Events events;

	/** The hashes of envelopes that were reported. */
	private final Set<String> reported = Collections
		.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<String, Boolean>() {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
				return size() > MAX_REPORTED;
			}

		}));

	/**
	 * Creates the keys of a client.
	 * @param relay asks the relay
	 * @param store where keys are
	 * @param events told about keys that were added or rejected
	 */
	public GroupKeys(RelayHttpClient relay, AgentStore store, Events events) {
		this.endpoint = new GroupKeyEndpoint(relay);
		this.store = store;
		this.events = events;
	}

	/**
	 * Asks the relay for keys. Blocks for the network: no lock may be held.
	 * @param conversationId the group's conversation
	 * @return the envelopes of keys that are not known yet, the newest keys first
	 * @throws GroupKeyException if the relay does not answer as it must
	 */
	List<GroupKeyEnvelope> fetch(String conversationId) {
		return this.endpoint.envelopes(conversationId)
			.stream()
			.filter((envelope) -> !isKnown(envelope.id()))
			.sorted(Comparator.comparingLong((GroupKeyEnvelope envelope) -> envelope.id().epoch()).reversed())
			.limit(MAX_ENVELOPES)
			.toList();
	}

	private boolean isKnown(GroupKeyId id) {
		GroupKey key = this.store.groupKey(id.conversationId(), id.keyId(), id.epoch());
		if (key != null) {
			Arrays.fill(key.key(), (byte) 0);
		}
		return key != null;
	}

	/**
	 * Opens envelopes with the sessions of those who sent them.
	 * @param envelopes the envelopes of one group, whose lock is held
	 * @param sessions the sessions
	 * @return what is new, the newest keys first
	 */
	List<Opened> open(List<GroupKeyEnvelope> envelopes, PeerSessions sessions) {
		List<Opened> opened = new ArrayList<>();
		for (GroupKeyEnvelope envelope : envelopes) {
			boolean known = isKnown(envelope.id())
					|| opened.stream().anyMatch((one) -> one.envelope().id().equals(envelope.id()));
			GroupKey key = known ? null : open(envelope, sessions);
			if (key != null) {
				opened.add(new Opened(envelope, key));
			}
		}
		return opened;
	}

	private @Nullable GroupKey open(GroupKeyEnvelope envelope, PeerSessions sessions) {
		GroupKey key = null;
		try {
			key = sessions.decrypt(new ConversationKey(envelope.senderId(), envelope.id().conversationId()),
					envelope.deviceId(), envelope.payload(), (plaintext) -> read(envelope, plaintext));
		}
		catch (SignalProtocolException ex) {
			logger.debug("An envelope with a group's key cannot be decrypted: {}", ex.getClass().getSimpleName());
		}
		if (key == null) {
			report(envelope);
		}
		return key;
	}

	private static @Nullable GroupKey read(GroupKeyEnvelope envelope, byte[] plaintext) {
		try {
			return envelope.id().readKey(plaintext);
		}
		finally {
			Arrays.fill(plaintext, (byte) 0);
		}
	}

	private void report(GroupKeyEnvelope envelope) {
		GroupKeyId id = envelope.id();
		if (this.reported.add(HexFormat.of().formatHex(Digests.sha256(envelope.payload())))) {
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
	 */
	record Opened(GroupKeyEnvelope envelope, GroupKey key) {
	}

}
