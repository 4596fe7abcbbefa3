package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import javax.crypto.AEADBadTagException;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.UntrustedIdentityException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One unit of work in which payloads are decrypted or encrypted, each with the session of
 * a person or the key of a group (gateway.md sections 4.2, 5 to 7). Nothing is committed
 * here.
 */
final class PayloadCipher {

	private final PayloadCiphers context;

	private final PeerSessions sessions;

	private final List<GroupKeys.Opened> newGroupKeys;

	private final List<Change> changes = new ArrayList<>();

	private boolean preKeyUsed;

	PayloadCipher(PayloadCiphers context, List<GroupKeyEnvelope> envelopes) {
		this.context = context;
		this.sessions = new PeerSessions(context.store(), context.random(), context.clock());
		this.newGroupKeys = context.groupKeys().open(envelopes, this.sessions);
		this.newGroupKeys.forEach((opened) -> this.changes.add(new Change.GroupKeyReceived(opened.key())));
	}

	/**
	 * Reads what a person sent.
	 * @param message the message
	 * @return the plaintext, without the wrapper that delivers a history key
	 * @throws PayloadRefusedException if it cannot be read; nothing must be committed
	 */
	String open(InboundMessage message) throws PayloadRefusedException {
		byte[] payload;
		try {
			payload = Base64.getDecoder().decode(message.payload());
		}
		catch (IllegalArgumentException ex) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		byte[] plaintext = message.encrypted() ? decrypt(message, payload) : payload;
		String text = Utf8.decode(plaintext);
		Arrays.fill(plaintext, (byte) 0);
		if (text == null) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		return message.encrypted() ? unwrap(text, message.conversation().conversationId()) : text;
	}

	private byte[] decrypt(InboundMessage message, byte[] payload) throws PayloadRefusedException {
		if (message.conversation().isGroup()) {
			return decryptOfGroup(message.conversation().conversationId(), payload);
		}
		try {
			return this.sessions.decrypt(message.conversation(), message.deviceId(), payload);
		}
		catch (UntrustedIdentityException ex) {
			throw new PayloadRefusedException(RejectionReason.UNTRUSTED_IDENTITY);
		}
		catch (DuplicateMessageException ex) {
			throw new PayloadRefusedException(RejectionReason.DUPLICATE);
		}
		catch (SignalProtocolException ex) {
			throw new PayloadRefusedException(RejectionReason.UNDECRYPTABLE);
		}
	}

	private byte[] decryptOfGroup(String conversationId, byte[] payload) throws PayloadRefusedException {
		GroupMessage message = GroupMessage.parse(payload);
		if (message == null || !message.conversationId().equals(conversationId)) {
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		GroupKey key = groupKey(new GroupKeyId(conversationId, message.keyId(), message.epoch()));
		if (key == null) {
			throw new PayloadRefusedException(RejectionReason.GROUP_KEY_MISSING);
		}
		try {
			if (this.context.store().isGroupNonceUsed(key, message.nonce())) {
				throw new PayloadRefusedException(RejectionReason.DUPLICATE);
			}
			byte[] plaintext = message.open(key);
			this.changes.add(nonceUsed(message));
			return plaintext;
		}
		catch (AEADBadTagException ex) {
			throw new PayloadRefusedException(RejectionReason.UNDECRYPTABLE);
		}
		finally {
			Arrays.fill(key.key(), (byte) 0);
		}
	}

	private @Nullable GroupKey groupKey(GroupKeyId id) {
		for (GroupKeys.Opened opened : this.newGroupKeys) {
			if (id.names(opened.key())) {
				return copy(opened.key());
			}
		}
		return this.context.store().groupKey(id.conversationId(), id.keyId(), id.epoch());
	}

	private @Nullable GroupKey latestGroupKey(String conversationId) {
		GroupKey known = this.context.store().latestGroupKey(conversationId);
		GroupKey newest = this.newGroupKeys.isEmpty() ? null : this.newGroupKeys.get(0).key();
		return (newest != null && (known == null || newest.epoch() > known.epoch())) ? copy(newest) : known;
	}

	/** What is used here is overwritten, what is to be committed must not be. */
	private static GroupKey copy(GroupKey key) {
		return new GroupKey(key.conversationId(), key.keyId(), key.epoch(), key.key().clone());
	}

	private Change nonceUsed(GroupMessage message) {
		return new Change.GroupNonceUsed(message.conversationId(), message.keyId(), message.epoch(), message.nonce(),
				this.context.clock().instant());
	}

	private String unwrap(String text, String conversationId) throws PayloadRefusedException {
		ObjectNode payload = GatewayJson.readObject(text);
		if (payload == null || !HistoryDelivery.isDelivery(payload)) {
			return text;
		}
		HistoryDelivery delivery = HistoryDelivery.read(payload);
		if (!HistoryContext.isIdentifier(conversationId)) {
			// No record could be made, and so nothing be sent there any more.
			throw new PayloadRefusedException(RejectionReason.MALFORMED);
		}
		HistoryKey known = this.context.store().historyKey(conversationId);
		if (known == null) {
			this.changes.add(new Change.HistoryKeyDelivered(conversationId, delivery.key()));
		}
		else if (!isSame(known, delivery.key())) {
			throw new PayloadRefusedException(RejectionReason.HISTORY_KEY_CHANGED);
		}
		return delivery.body();
	}

	private static boolean isSame(HistoryKey known, HistoryKey other) {
		return known.keyId().equals(other.keyId()) && known.epoch() == other.epoch()
				&& MessageDigest.isEqual(known.key(), other.key());
	}

	/**
	 * Prepares what the agent sends.
	 * @param conversation to whom
	 * @param deviceId the device, or {@code null}
	 * @param messageId the message's id
	 * @param plaintext the plaintext
	 * @return the payload and what goes into the archive
	 * @throws SignalProtocolException if there is no session with the person
	 * @throws GroupKeyException if there is no key of the group
	 */
	Sealed seal(ConversationKey conversation, @Nullable String deviceId, String messageId, String plaintext) {
		byte[] utf8 = plaintext.getBytes(StandardCharsets.UTF_8);
		if (!this.context.settings().encrypted()) {
			return new Sealed(Base64.getEncoder().encodeToString(utf8), null);
		}
		byte[] payload = conversation.isGroup() ? encryptToGroup(conversation.conversationId(), utf8)
				: this.sessions.encrypt(conversation, deviceId, utf8);
		Arrays.fill(utf8, (byte) 0);
		return new Sealed(Base64.getEncoder().encodeToString(payload),
				historyRecord(conversation.conversationId(), messageId, plaintext));
	}

	private byte[] encryptToGroup(String conversationId, byte[] plaintext) {
		GroupKey key = latestGroupKey(conversationId);
		if (key == null) {
			throw new GroupKeyException(
					"No member of the group " + conversationId + " has given this agent a key, so"
							+ " nothing can be written to it: have a member write first, or add the agent to the group",
					null);
		}
		try {
			GroupMessage message = GroupMessage.seal(key, plaintext, this.context.random());
			// Else the relay could give the agent its own words as those of a member.
			this.changes.add(nonceUsed(message));
			return message.toJson();
		}
		finally {
			Arrays.fill(key.key(), (byte) 0);
		}
	}

	private @Nullable HistoryRecord historyRecord(String conversationId, String messageId, String plaintext) {
		HistoryKey key = this.context.store().historyKey(conversationId);
		if (key == null) {
			return null;
		}
		try (ConversationHistory history = new ConversationHistory(key.key(), this.context.random())) {
			return history.seal(plaintext, new HistoryContext(conversationId, messageId,
					this.context.settings().agentId(), HistoryContext.SenderType.AGENT, key.keyId(), key.epoch()));
		}
		finally {
			Arrays.fill(key.key(), (byte) 0);
		}
	}

	/**
	 * What has changed, to be committed with what comes of it.
	 * @return the changes
	 */
	List<Change> changes() {
		List<Change> all = this.sessions.changes();
		this.preKeyUsed = all.stream().anyMatch(PayloadCipher::usesOneTimePreKey);
		all.addAll(this.changes);
		return all;
	}

	private static boolean usesOneTimePreKey(Change change) {
		return change instanceof Change.Session session && session.change() instanceof StoreChange.OneTimePreKeyUsed;
	}

	/**
	 * Tells who wants to know that the changes are committed.
	 */
	void committed() {
		for (GroupKeys.Opened opened : this.newGroupKeys) {
			GroupKeyEnvelope envelope = opened.envelope();
			this.context.events()
				.publish(new GatewayEvent.GroupKeyAdded(envelope.id().conversationId(), envelope.id().keyId(),
						envelope.id().epoch(), envelope.senderId(), envelope.deviceId()));
		}
		if (this.preKeyUsed) {
			this.context.preKeyListener().run();
		}
	}

	/**
	 * What travels. Its {@code toString()} has no content.
	 *
	 * @param payload the payload in Base64
	 * @param historyRecord what goes into the archive, or {@code null} if there is none
	 */
	record Sealed(String payload, @Nullable HistoryRecord historyRecord) {

		@Override
		public String toString() {
			return "Sealed[]";
		}

	}

}
