package com.pacerelle.client.migration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.session.NativeSnapshot;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state of an agent as the Python SDK has written it, turned into changes of a new
 * store.
 */
final class SdkState {

	private static final int KEY_LENGTH = 32;

	private static final int DIGEST_LENGTH = 32;

	private final NativeSnapshot signal;

	/** Empty for a state of an early SDK, which had nothing but sessions. */
	private final ObjectNode fields;

	private final Instant now;

	private final Map<String, ReplyContext> contexts = new LinkedHashMap<>();

	/** What devices people have, by the name that the SDK gives to their sessions. */
	private final Map<String, ReplyContext> devices = new LinkedHashMap<>();

	private final Map<ReplyContext, KnownIdentity> identities = new LinkedHashMap<>();

	private final List<Change> changes = new ArrayList<>();

	private int sessions;

	private int unknownPeers;

	SdkState(NativeSnapshot signal, ObjectNode fields, Instant now) {
		this.signal = signal;
		this.fields = fields;
		this.now = now;
	}

	/**
	 * Reads everything.
	 * @return what a new store starts with
	 * @throws IllegalStateException if something is missing or damaged
	 */
	InitialState read() {
		readContexts();
		this.signal.baseKeys().forEach((baseKey) -> this.changes.add(new Change.Session(baseKey)));
		this.signal.identities().forEach(this::addPeer);
		addPlainNames();
		addLastDevices();
		this.changes.add(new Change.PreKeysImported(this.signal.signedPreKeys(), this.signal.kyberPreKeys(),
				this.signal.oneTimePreKeys(), this.now));
		addHistoryKeys(addGroupKeys());
		addMessages();
		return new InitialState(this.signal.identityKeyPair(), this.signal.registrationId(), nextPreKeyId(),
				this.changes);
	}

	/** The identity of the agent. */
	EcPublicKey identity() {
		return this.signal.identityKeyPair().publicKey();
	}

	/** With how many devices there are sessions. */
	int sessions() {
		return this.sessions;
	}

	/** How many people there are. */
	long people() {
		return this.identities.keySet().stream().map(ReplyContext::userId).distinct().count();
	}

	/** How many peers have names that can be read in more than one way. */
	int unknownPeers() {
		return this.unknownPeers;
	}

	private void readContexts() {
		members("reply_contexts").forEach((message) -> {
			JsonNode context = message.getValue();
			String deviceId = context.path("device_id").stringValue("");
			this.contexts.put(message.getKey(), new ReplyContext(text(context, "from"),
					text(context, "conversation_id"), deviceId.isEmpty() ? null : deviceId));
		});
		Stream.of(this.contexts.values(), lastDevices(), plainNames())
			.flatMap((known) -> known.stream())
			.flatMap((known) -> Stream.of(known, plain(known)))
			.forEach((known) -> this.devices.put(sdkName(known), known));
	}

	private void addPeer(ProtocolAddress peer, EcPublicKey identity) {
		if (!peer.name().startsWith("human:")) {
			return;
		}
		ReplyContext device = device(peer.name());
		if (device == null || peer.deviceId() != 1) {
			this.unknownPeers++;
			return;
		}
		ProtocolAddress address = device.address();
		this.changes.add(new Change.Session(new StoreChange.IdentitySeen(address, identity)));
		List<StoreChange> session = this.signal.sessionChanges(peer, address);
		session.forEach((change) -> this.changes.add(new Change.Session(change)));
		this.sessions += session.isEmpty() ? 0 : 1;
		addIdentity(device, identity);
	}

	private void addIdentity(ReplyContext device, EcPublicKey identity) {
		KnownIdentity known = new KnownIdentity(device.userId(), device.deviceId(), device.conversationId(), identity,
				this.now, KnownIdentity.State.TRUSTED);
		this.identities.put(device, known);
		this.changes.add(new Change.IdentityKnown(known));
	}

	/**
	 * Whose sessions have this name. The SDK does not escape the separators inside ids;
	 * whoever has sent a message is known by its reply context.
	 */
	private @Nullable ReplyContext device(String name) {
		String[] parts = name.split(":", -1);
		if (parts.length == 3) {
			return new ReplyContext(parts[1], parts[2], null);
		}
		if (parts.length == 5 && parts[3].equals("device")) {
			return new ReplyContext(parts[1], parts[2], parts[4]);
		}
		return this.devices.get(name);
	}

	private static String sdkName(ReplyContext device) {
		String name = "human:" + device.userId() + ":" + device.conversationId();
		return (device.deviceId() != null) ? name + ":device:" + device.deviceId() : name;
	}

	private static ReplyContext plain(ReplyContext device) {
		return new ReplyContext(device.userId(), device.conversationId(), null);
	}

	/**
	 * A device uses the plain name only with the identity that it has under its own: the
	 * SDK lets another identity answer in its place (gateway.md section 4.2).
	 */
	private void addPlainNames() {
		for (ReplyContext device : plainNames()) {
			KnownIdentity plain = this.identities.get(plain(device));
			KnownIdentity own = this.identities.get(device);
			if (plain == null || (own != null && !own.identity().equals(plain.identity()))) {
				continue;
			}
			if (own == null) {
				addIdentity(device, plain.identity());
			}
			this.changes.add(new Change.PeerNameSeen(device.userId(), device.conversationId(),
					Objects.requireNonNull(device.deviceId()), true));
		}
	}

	/** A group message may name any device: those that have no identity are left out. */
	private void addLastDevices() {
		for (ReplyContext device : lastDevices()) {
			if (this.identities.containsKey(device)) {
				this.changes.add(new Change.DeviceUsed(device.userId(), device.conversationId(),
						Objects.requireNonNull(device.deviceId())));
			}
		}
	}

	private Set<ReplyContext> lastDevices() {
		Set<ReplyContext> devices = new LinkedHashSet<>();
		members("last_devices").forEach((entry) -> {
			String deviceId = string(entry.getValue());
			if (!deviceId.isEmpty()) {
				devices.add(device(entry.getKey(), entry.getKey().length(), deviceId));
			}
		});
		return devices;
	}

	/** Each is the JSON of person and conversation, a colon, and the device. */
	private Set<ReplyContext> plainNames() {
		Set<ReplyContext> devices = new LinkedHashSet<>();
		for (JsonNode entry : this.fields.path("legacy_device_sessions")) {
			String key = string(entry);
			int end = key.indexOf("\"]:");
			require(end > 0);
			devices.add(device(key, end + 2, key.substring(end + 3)));
		}
		return devices;
	}

	private static ReplyContext device(String key, int end, String deviceId) {
		JsonNode person = SdkStoreImport.MAPPER.readTree(key.substring(0, end));
		require(person.isArray() && person.size() == 2 && !deviceId.isEmpty());
		return new ReplyContext(string(person.get(0)), string(person.get(1)), deviceId);
	}

	private Set<String> addGroupKeys() {
		Set<String> groups = new LinkedHashSet<>();
		for (JsonNode key : this.fields.path("group_sender_keys")) {
			long epoch = key.path("epoch").longValue(0);
			require(epoch > 0);
			GroupKey groupKey = new GroupKey(text(key, "conversation_id"), text(key, "key_id"), epoch, rawKey(key));
			groups.add(groupKey.conversationId());
			// The SDK does not know who has given it.
			this.changes.add(new Change.GroupKeyReceived(groupKey, "", this.now));
		}
		return groups;
	}

	/**
	 * The SDK does not know who has delivered an archive key. In a conversation with one
	 * person it was that person; in one of several, it belongs to nobody.
	 */
	private void addHistoryKeys(Set<String> groups) {
		members("history_keys").forEach((entry) -> {
			String conversationId = entry.getKey();
			JsonNode key = entry.getValue();
			HistoryKey historyKey = new HistoryKey(text(key, "key_id"), key.path("epoch").longValue(0), rawKey(key));
			require(historyKey.epoch() == 1);
			List<KnownIdentity> senders = this.identities.values()
				.stream()
				.filter((identity) -> identity.conversationId().equals(conversationId))
				.toList();
			if (groups.contains(conversationId)) {
				this.changes.add(new Change.HistoryKeyDelivered(new KnownHistoryKey(conversationId,
						"group:" + conversationId, null, null, historyKey, this.now)));
			}
			else if (senders.stream().map(KnownIdentity::userId).distinct().count() == 1) {
				senders.forEach(
						(sender) -> this.changes.add(new Change.HistoryKeyDelivered(new KnownHistoryKey(conversationId,
								sender.userId(), sender.deviceId(), sender.identity(), historyKey, this.now))));
			}
		});
	}

	private void addMessages() {
		members("accepted_messages").forEach((message) -> {
			ReplyContext context = this.contexts.get(message.getKey());
			if (context != null) {
				Instant acceptedAt = time(message.getValue().path("accepted_at"));
				this.changes
					.add(new Change.MessagePending(message.getKey(), digest(message), "", null, context, acceptedAt));
				this.changes.add(new Change.MessageAccepted(message.getKey(), acceptedAt));
			}
		});
		members("pending_messages").forEach((message) -> {
			ReplyContext context = this.contexts.get(message.getKey());
			String payload = string(message.getValue().path("text"));
			if (context != null) {
				this.changes.add(
						new Change.MessagePending(message.getKey(), digest(message), payload, null, context, this.now));
			}
		});
	}

	private static byte[] digest(Map.Entry<String, JsonNode> message) {
		byte[] digest = HexFormat.of().parseHex(text(message.getValue(), "digest"));
		require(digest.length == DIGEST_LENGTH);
		return digest;
	}

	private Instant time(JsonNode seconds) {
		double value = seconds.doubleValue(0);
		return (value > 0 && value < this.now.getEpochSecond()) ? Instant.ofEpochMilli((long) (value * 1000))
				: this.now;
	}

	/** The SDK counts up from its last id; an early one kept no count. */
	private int nextPreKeyId() {
		int last = this.fields.isEmpty() ? 0 : this.fields.path("last_prekey_id").intValue(0);
		require(this.fields.isEmpty() || last > 0);
		int greatest = Stream
			.of(this.signal.oneTimePreKeys().stream().map(OneTimePreKey::id),
					this.signal.signedPreKeys().stream().map(SignedPreKey::id),
					this.signal.kyberPreKeys().stream().map(KyberPreKey::id))
			.flatMap((ids) -> ids)
			.reduce(last, Math::max);
		require(greatest < Integer.MAX_VALUE);
		return greatest + 1;
	}

	private Set<Map.Entry<String, JsonNode>> members(String field) {
		JsonNode members = this.fields.path(field);
		require(this.fields.isEmpty() || members.isObject());
		return members.properties();
	}

	private static byte[] rawKey(JsonNode key) {
		byte[] rawKey = Base64.getDecoder().decode(text(key, "raw_key_b64"));
		require(rawKey.length == KEY_LENGTH);
		return rawKey;
	}

	private static String text(JsonNode object, String field) {
		String text = string(object.path(field));
		require(!text.isEmpty());
		return text;
	}

	private static String string(JsonNode node) {
		require(node.isString());
		return node.stringValue();
	}

	private static void require(boolean valid) {
		if (!valid) {
			throw new IllegalStateException("A field is missing or has a wrong type");
		}
	}

}
