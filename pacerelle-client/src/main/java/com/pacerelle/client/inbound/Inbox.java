package com.pacerelle.client.inbound;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.encryption.GroupKeyEnvelope;
import com.pacerelle.client.encryption.PayloadCipher;
import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.encryption.PayloadRefusedException;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentSource;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.outbound.IssuedWidgets;
import com.pacerelle.client.outbound.IssuedWidgets.Answered;
import com.pacerelle.client.outbound.IssuedWidgets.Arrival;
import com.pacerelle.client.outbound.Polls;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.client.wire.Payload;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Takes responsibility for inbound messages: each is decrypted once and stored before it
 * is handled (gateway.md section 4.1). Blocks.
 */
public final class Inbox {

	/**
	 * The same bytes are refused without another look. Who lacks a key, or the trust in
	 * one, may get it one day.
	 */
	private static final Set<RejectionReason> REFUSED_FOR_GOOD = EnumSet.of(RejectionReason.UNDECRYPTABLE,
			RejectionReason.DUPLICATE, RejectionReason.MALFORMED);

	private final boolean encrypted;

	private final AgentStore store;

	private final PayloadCiphers ciphers;

	private final AttachmentSource attachments;

	private final IssuedWidgets widgets;

	private final Events events;

	private final Clock clock;

	/**
	 * Creates an inbox.
	 * @param encrypted whether messages must be encrypted
	 * @param store where messages are
	 * @param ciphers decrypts
	 * @param attachments where the files of messages come from
	 * @param events told about new devices
	 * @param clock tells the time
	 */
	public Inbox(boolean encrypted, AgentStore store, PayloadCiphers ciphers, AttachmentSource attachments,
			Events events, Clock clock) {
		this.encrypted = encrypted;
		this.store = store;
		this.ciphers = ciphers;
		this.attachments = attachments;
		this.widgets = new IssuedWidgets(store);
		this.events = events;
		this.clock = clock;
	}

	/**
	 * Takes a message as far as it gets without a handler.
	 * @param message the message
	 * @return what becomes of it
	 * @throws com.pacerelle.client.store.StoreException if the store cannot be read or
	 * written; the message is as before then
	 * @throws GroupKeyException if the relay cannot be asked for a group's keys; the
	 * message is as before then
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
		Acceptance acceptance = attempt(message, digest, List.of());
		if (acceptance instanceof Acceptance.Refused refused && refused.reason() == RejectionReason.GROUP_KEY_MISSING) {
			acceptance = attempt(message, digest, this.ciphers.fetchMissing(message.conversation()));
		}
		return acceptance;
	}

	private Acceptance attempt(InboundMessage message, byte[] digest, List<GroupKeyEnvelope> envelopes) {
		Lock lock = this.ciphers.lockOf(message.conversation());
		lock.lock();
		try {
			return accept(message, digest, envelopes);
		}
		catch (StoreConflictException ex) {
			// Another conversation was faster with the same message id or one-time
			// prekey.
			return accept(message, digest, envelopes);
		}
		finally {
			lock.unlock();
		}
	}

	private Acceptance accept(InboundMessage message, byte[] digest, List<GroupKeyEnvelope> envelopes) {
		Receipt receipt = this.store.receipt(message.id());
		boolean same = receipt != null && MessageDigest.isEqual(receipt.digest(), digest);
		if (receipt == null || (receipt.state() == Receipt.State.REJECTED && !same)) {
			// Whoever forges an id must not keep the real message out.
			return open(message, digest, envelopes);
		}
		if (!same) {
			return new Acceptance.Refused(RejectionReason.CONFLICT);
		}
		return switch (receipt.state()) {
			case PENDING -> decode(message, receipt.payload(), receipt.receivedAt(), null).acceptance();
			case ACCEPTED -> new Acceptance.Accepted();
			case REJECTED -> new Acceptance.RefusedBefore();
		};
	}

	private Acceptance open(InboundMessage message, byte[] digest, List<GroupKeyEnvelope> envelopes) {
		if (message.encrypted() != this.encrypted) {
			return new Acceptance.Refused(
					message.encrypted() ? RejectionReason.UNDECRYPTABLE : RejectionReason.CLEAR_TEXT);
		}
		PayloadCipher cipher = this.ciphers.start(envelopes);
		try {
			String payload = cipher.open(message);
			Acceptance acceptance = store(message, digest, payload, cipher.changes());
			cipher.committed();
			return acceptance;
		}
		catch (PayloadRefusedException ex) {
			return REFUSED_FOR_GOOD.contains(ex.reason()) ? refuse(message, digest, ex.reason())
					: new Acceptance.Refused(ex.reason());
		}
	}

	private Acceptance store(InboundMessage message, byte[] digest, String payload, List<Change> cipherChanges) {
		String conversationId = message.conversation().conversationId();
		GatewayEvent newDevice = newDevice(message);
		Instant now = this.clock.instant();
		List<Change> changes = new ArrayList<>(cipherChanges);
		Decoded decoded = decode(message, payload, now, cipherChanges);
		changes.addAll(decoded.changes());
		changes.add(new Change.MessagePending(message.id(), digest, payload,
				new ReplyContext(message.from(), conversationId, message.deviceId()), now));
		this.store.commitAndWait(changes);
		if (newDevice != null) {
			this.events.publish(newDevice);
		}
		return decoded.acceptance();
	}

	private @Nullable GatewayEvent newDevice(InboundMessage message) {
		String deviceId = message.deviceId();
		List<KnownIdentity> known = this.store.identities(message.from());
		if (deviceId == null || message.conversation().isGroup() || known.isEmpty()
				|| known.stream().anyMatch((identity) -> deviceId.equals(identity.deviceId()))) {
			return null;
		}
		return new GatewayEvent.DeviceAdded(message.from(), message.conversation().conversationId(), deviceId);
	}

	private Acceptance refuse(InboundMessage message, byte[] digest, RejectionReason reason) {
		this.store.commitAndWait(List.of(new Change.MessageRejected(message.id(), digest, this.clock.instant())));
		return new Acceptance.Refused(reason);
	}

	/**
	 * Decodes a message.
	 * @param message the message
	 * @param payload its payload
	 * @param receivedAt when it came first
	 * @param cipherChanges what its decryption changed, or {@code null} if it is stored
	 * already
	 * @return what it says
	 */
	private Decoded decode(InboundMessage message, @Nullable String payload, Instant receivedAt,
			@Nullable List<Change> cipherChanges) {
		Payload.Decoded decoded = Payload.decode((payload != null) ? payload : "",
				message.fields().path("attachments"));
		List<Change> changes = new ArrayList<>();
		WidgetResponse response = decoded.widgetResponse();
		if (response != null) {
			Answered answered = this.widgets.answered(message, response.ref(), new Arrival(receivedAt,
					identity(message, (cipherChanges != null) ? cipherChanges : List.of()), cipherChanges == null));
			IssuedWidget widget = answered.widget();
			if (widget == null) {
				return new Decoded(new Acceptance.AnswerRefused(Objects.requireNonNull(answered.refusal())), List.of());
			}
			if (answered.first()) {
				changes.add(new Change.WidgetAnswered(widget, message.id()));
			}
			Change vote = Polls.cast(widget, message.from(), response);
			if (vote != null) {
				changes.add(vote);
			}
			response = response.data(widget.data());
		}
		List<AgentAttachment> attachments = decoded.attachments()
			.stream()
			.map((attachment) -> attachment.from(this.attachments))
			.toList();
		AgentMessage decodedMessage = new AgentMessage(message.id(), message.conversation().conversationId(),
				message.from(), message.deviceId(), message.conversation().isGroup(), message.encrypted(),
				decoded.text(), attachments, message.replyToMessageId(), response, decoded.widgetUpdate());
		return new Decoded(new Acceptance.Pending(decodedMessage), changes);
	}

	private @Nullable KnownIdentity identity(InboundMessage message, List<Change> cipherChanges) {
		String conversationId = message.conversation().conversationId();
		return cipherChanges.stream()
			.filter(Change.IdentityKnown.class::isInstance)
			.map((change) -> ((Change.IdentityKnown) change).identity())
			.filter((known) -> known.userId().equals(message.from()) && known.conversationId().equals(conversationId)
					&& Objects.equals(known.deviceId(), message.deviceId()))
			.findFirst()
			.orElseGet(() -> this.store.knownIdentity(message.from(), message.deviceId(), conversationId));
	}

	/**
	 * What a message says.
	 *
	 * @param acceptance what becomes of it
	 * @param changes what is stored when it comes for the first time
	 */
	private record Decoded(Acceptance acceptance, List<Change> changes) {
	}

}
