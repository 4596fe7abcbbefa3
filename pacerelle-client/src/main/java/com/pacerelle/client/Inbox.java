package com.pacerelle.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.signal.DuplicateMessageException;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SessionCipher;
import com.pacerelle.signal.SignalProtocolException;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.UntrustedIdentityException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Takes responsibility for inbound messages: each is decrypted once and stored before it
 * is handled (gateway.md sections 4.1, 4.2). Blocks.
 */
final class Inbox {

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final Polls polls;

	private final ConversationLocks locks;

	private final Events events;

	private final Runnable preKeyListener;

	private final SecureRandom random;

	private final Clock clock;

	/**
	 * Creates an inbox.
	 * @param settings the settings
	 * @param store where messages are stored
	 * @param locks keep the steps of a conversation apart
	 * @param events told about new devices
	 * @param preKeyListener called when a one-time prekey was used
	 * @param random the source of all keys
	 * @param clock tells the time
	 */
	Inbox(AgentGatewaySettings settings, AgentStore store, ConversationLocks locks, Events events,
			Runnable preKeyListener, SecureRandom random, Clock clock) {
		this.settings = settings;
		this.store = store;
		this.polls = new Polls(store);
		this.locks = locks;
		this.events = events;
		this.preKeyListener = preKeyListener;
		this.random = random;
		this.clock = clock;
	}

	/**
	 * Takes a message as far as it gets without a handler.
	 * @param message the message
	 * @return what becomes of it
	 * @throws com.pacerelle.client.store.StoreException if the store cannot be read or
	 * written; the message is as before then
	 */
	Acceptance accept(InboundMessage message) {
		byte[] digest;
		try {
			digest = message.digest();
		}
		catch (JacksonException ex) {
			// A lone surrogate: no JSON can be written of it.
			return new Acceptance.Refused(RejectionReason.MALFORMED);
		}
		Lock lock = this.locks.of(message.conversation());
		lock.lock();
		try {
			return accept(message, digest);
		}
		catch (StoreConflictException ex) {
			// Another conversation was faster with the same message id or one-time
			// prekey.
			return accept(message, digest);
		}
		finally {
			lock.unlock();
		}
	}

	private Acceptance accept(InboundMessage message, byte[] digest) {
		Receipt receipt = this.store.receipt(message.id());
		boolean same = receipt != null && MessageDigest.isEqual(receipt.digest(), digest);
		if (receipt == null || (receipt.state() == Receipt.State.REJECTED && !same)) {
			// Whoever forges an id must not keep the real message out.
			return open(message, digest);
		}
		if (!same) {
			return new Acceptance.Refused(RejectionReason.CONFLICT);
		}
		return switch (receipt.state()) {
			case PENDING -> pending(message, receipt.payload());
			case ACCEPTED -> new Acceptance.Accepted();
			case REJECTED -> new Acceptance.RefusedBefore();
		};
	}

	private Acceptance open(InboundMessage message, byte[] digest) {
		if (message.conversation().isGroup()) {
			return new Acceptance.Refused(RejectionReason.UNSUPPORTED);
		}
		if (message.encrypted() != this.settings.encrypted()) {
			return new Acceptance.Refused(
					message.encrypted() ? RejectionReason.UNDECRYPTABLE : RejectionReason.CLEAR_TEXT);
		}
		byte[] payload;
		try {
			payload = Base64.getDecoder().decode(message.payload());
		}
		catch (IllegalArgumentException ex) {
			return new Acceptance.Refused(RejectionReason.MALFORMED);
		}
		return message.encrypted() ? decrypt(message, digest, payload) : store(message, digest, payload, List.of());
	}

	private Acceptance decrypt(InboundMessage message, byte[] digest, byte[] payload) {
		SessionCipher cipher = new SessionCipher(this.store, this.random, this.clock);
		List<Change> changes = new ArrayList<>();
		byte[] plaintext;
		try {
			plaintext = decrypt(cipher, message, payload, changes);
		}
		catch (UntrustedIdentityException ex) {
			// Not for good: the person may confirm the new identity one day.
			return new Acceptance.Refused(RejectionReason.UNTRUSTED_IDENTITY);
		}
		catch (DuplicateMessageException ex) {
			return refuse(message, digest, RejectionReason.DUPLICATE);
		}
		catch (SignalProtocolException ex) {
			return refuse(message, digest, RejectionReason.UNDECRYPTABLE);
		}
		List<StoreChange> sessionChanges = cipher.changes();
		sessionChanges.forEach((change) -> changes.add(new Change.Session(change)));
		try {
			Acceptance acceptance = store(message, digest, plaintext, changes);
			if (sessionChanges.stream().anyMatch(StoreChange.OneTimePreKeyUsed.class::isInstance)) {
				this.preKeyListener.run();
			}
			return acceptance;
		}
		finally {
			Arrays.fill(plaintext, (byte) 0);
		}
	}

	private byte[] decrypt(SessionCipher cipher, InboundMessage message, byte[] payload, List<Change> changes) {
		ConversationKey conversation = message.conversation();
		String deviceId = message.deviceId();
		if (deviceId == null) {
			return cipher.decrypt(conversation.address(null), payload);
		}
		boolean usesPlainName = this.store.usesPlainName(conversation.to(), conversation.conversationId(), deviceId);
		try {
			byte[] plaintext = cipher.decrypt(conversation.address(deviceId), payload);
			if (usesPlainName) {
				changes.add(peerNameSeen(conversation, deviceId, false));
			}
			return plaintext;
		}
		catch (SignalProtocolException ex) {
			byte[] plaintext = decryptUnderPlainName(cipher, conversation, payload);
			if (plaintext == null) {
				throw ex;
			}
			if (!usesPlainName) {
				changes.add(peerNameSeen(conversation, deviceId, true));
			}
			return plaintext;
		}
	}

	/**
	 * Tries the session of an older client. It only ever uses one that exists: else any
	 * new identity would be trusted under the plain name.
	 */
	private byte @Nullable [] decryptUnderPlainName(SessionCipher cipher, ConversationKey conversation,
			byte[] payload) {
		ProtocolAddress plain = conversation.address(null);
		if (SessionCipher.isPreKeyMessage(payload) || this.store.session(plain) == null) {
			return null;
		}
		try {
			return cipher.decrypt(plain, payload);
		}
		catch (SignalProtocolException ex) {
			return null;
		}
	}

	private static Change peerNameSeen(ConversationKey conversation, String deviceId, boolean plain) {
		return new Change.PeerNameSeen(conversation.to(), conversation.conversationId(), deviceId, plain);
	}

	private Acceptance store(InboundMessage message, byte[] digest, byte[] utf8, List<Change> sessionChanges) {
		String payload;
		try {
			payload = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
		}
		catch (CharacterCodingException ex) {
			return refuse(message, digest, RejectionReason.MALFORMED);
		}
		ConversationKey conversation = message.conversation();
		GatewayEvent newDevice = newDevice(conversation, message.deviceId());
		List<Change> changes = new ArrayList<>(sessionChanges);
		Acceptance.Pending pending = pending(message, payload);
		Change vote = this.polls.cast(pending.message());
		if (vote != null) {
			changes.add(vote);
		}
		changes.add(new Change.MessagePending(message.id(), digest, payload,
				new ReplyContext(message.from(), conversation.conversationId(), message.deviceId()),
				this.clock.instant()));
		Transactions.commit(this.store, changes);
		if (newDevice != null) {
			this.events.publish(newDevice);
		}
		return pending;
	}

	private @Nullable GatewayEvent newDevice(ConversationKey conversation, @Nullable String deviceId) {
		if (deviceId == null || this.store.isKnownDevice(conversation.to(), deviceId)
				|| !this.store.isKnownUser(conversation.to())) {
			return null;
		}
		return new GatewayEvent.DeviceAdded(conversation.to(), conversation.conversationId(), deviceId);
	}

	private Acceptance refuse(InboundMessage message, byte[] digest, RejectionReason reason) {
		Transactions.commit(this.store,
				List.of(new Change.MessageRejected(message.id(), digest, this.clock.instant())));
		return new Acceptance.Refused(reason);
	}

	private static Acceptance.Pending pending(InboundMessage message, @Nullable String payload) {
		Payload.Decoded decoded = Payload.decode((payload != null) ? payload : "",
				message.fields().path("attachments"));
		return new Acceptance.Pending(new AgentMessage(message.id(), message.conversation().conversationId(),
				message.from(), message.deviceId(), message.conversation().isGroup(), message.encrypted(),
				decoded.text(), decoded.attachments(), message.replyToMessageId(), decoded.widgetResponse(),
				decoded.widgetUpdate()));
	}

}
