package com.pacerelle.client.inbound;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.GroupKeyException;
import com.pacerelle.client.encryption.GroupKeyEnvelope;
import com.pacerelle.client.encryption.HeldMessage;
import com.pacerelle.client.encryption.Identities;
import com.pacerelle.client.encryption.PayloadCipher;
import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.encryption.PayloadRefusedException;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentSource;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.observation.PacerelleObservation;
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
import com.pacerelle.client.store.StoredMessage;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.client.wire.Payload;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Takes responsibility for inbound messages: each is decrypted once, and stored before
 * anything that it causes is (gateway.md section 4.1). Blocks. Each way from a frame to
 * its one commit is here, because all of them run under the lock of the conversation:
 * this is why it is longer than other classes.
 */
public final class Inbox {

	/**
	 * For these the same bytes are refused without decrypting them again. A key, or the
	 * trust in one, may still come.
	 */
	private static final Set<RejectionReason> REFUSED_FOR_GOOD = EnumSet.of(RejectionReason.UNDECRYPTABLE,
			RejectionReason.DUPLICATE, RejectionReason.MALFORMED, RejectionReason.DEVICE_REFUSED);

	private final boolean encrypted;

	private final AgentStore store;

	private final PayloadCiphers ciphers;

	private final Identities identities;

	private final AttachmentSource attachments;

	private final IssuedWidgets widgets;

	private final Clock clock;

	private final Observations observations;

	/**
	 * Creates an inbox.
	 * @param encrypted whether messages must be encrypted
	 * @param store where messages are
	 * @param ciphers decrypts
	 * @param identities know who is refused
	 * @param attachments where the files of messages come from
	 * @param clock tells the time
	 * @param observations observe decryption and commits
	 */
	public Inbox(boolean encrypted, AgentStore store, PayloadCiphers ciphers, Identities identities,
			AttachmentSource attachments, Clock clock, Observations observations) {
		this.encrypted = encrypted;
		this.store = store;
		this.ciphers = ciphers;
		this.identities = identities;
		this.attachments = attachments;
		this.widgets = new IssuedWidgets(store);
		this.clock = clock;
		this.observations = observations;
	}

	/**
	 * Stores the message that is handled in a conversation, if that has not happened yet.
	 * @param conversation the conversation
	 * @throws com.pacerelle.client.store.StoreException if the store cannot be written
	 */
	void settle(ConversationKey conversation) {
		this.ciphers.settle(conversation);
	}

	/**
	 * Processes a message as far as possible without a handler. One that only its handler
	 * has to do with may be stored later, together with what answers it.
	 * @param message the message
	 * @return the outcome
	 * @throws com.pacerelle.client.store.StoreException if the store cannot be read or
	 * written; the message is unchanged then
	 * @throws GroupKeyException if the relay cannot be asked for a group's keys; the
	 * message is unchanged then
	 */
	Acceptance accept(InboundMessage message) {
		byte[] digest;
		try {
			digest = message.digest();
		}
		catch (JacksonException ex) {
			// A lone surrogate, which cannot be written as JSON.
			return new Acceptance.Refused(RejectionReason.MALFORMED);
		}
		Acceptance acceptance = attempt(message, digest, List.of());
		if (acceptance instanceof Acceptance.Refused refused && refused.reason() == RejectionReason.GROUP_KEY_MISSING) {
			acceptance = attempt(message, digest, this.ciphers.fetchMissing(message.conversation()));
		}
		return acceptance;
	}

	/**
	 * Restores a message that is pending, without its frame.
	 * @param messageId the message
	 * @return the message as it came, or {@code null} if it is neither pending nor dead
	 */
	@Nullable InboundMessage restore(String messageId) {
		StoredMessage stored = this.store.message(messageId);
		if (stored == null || !isKept(stored.state()) || stored.envelope() == null) {
			return null;
		}
		ReplyContext source = stored.source();
		return InboundMessage.restored(messageId, source.userId(), source.conversationId(), source.deviceId(),
				stored.envelope());
	}

	/**
	 * Processes a message that was restored.
	 * @param message the message
	 * @return the outcome
	 */
	Acceptance acceptRestored(InboundMessage message) {
		Receipt receipt = this.store.receipt(message.id());
		if (receipt == null || !isKept(receipt.state())) {
			return new Acceptance.RefusedBefore();
		}
		return goOn(message, receipt.digest(), receipt);
	}

	private static boolean isKept(Receipt.State state) {
		return state == Receipt.State.PENDING || state == Receipt.State.DEAD;
	}

	private Acceptance attempt(InboundMessage message, byte[] digest, List<GroupKeyEnvelope> envelopes) {
		Lock lock = this.ciphers.lock(message.conversation());
		try {
			return accept(message, digest, envelopes);
		}
		catch (StoreConflictException ex) {
			// Another conversation used the same message id or one-time prekey first.
			return accept(message, digest, envelopes);
		}
		finally {
			lock.unlock();
		}
	}

	private Acceptance accept(InboundMessage message, byte[] digest, List<GroupKeyEnvelope> envelopes) {
		if (this.ciphers.isHeldElsewhere(message)) {
			return new Acceptance.Refused(RejectionReason.CONFLICT);
		}
		Receipt receipt = this.store.receipt(message.id());
		boolean same = receipt != null && receipt.isOf(digest);
		if (receipt == null || (receipt.state() == Receipt.State.REJECTED && !same)) {
			// A forged id must not block the real message.
			return open(message, digest, envelopes);
		}
		if (!same) {
			return new Acceptance.Refused(RejectionReason.CONFLICT);
		}
		if (receipt.state() == Receipt.State.PENDING && message.encrypted() != this.encrypted) {
			// Another implementation, whose store was imported, may have taken it.
			return new Acceptance.Refused(RejectionReason.CLEAR_TEXT);
		}
		return switch (receipt.state()) {
			case WAITING, PENDING -> goOn(message, digest, receipt);
			case ACCEPTED, DEAD -> new Acceptance.Accepted();
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
			String payload = decrypt(cipher, message);
			KnownIdentity sender = cipher.sender();
			if (sender != null && sender.isWaiting()) {
				return await(message, digest, payload, sender, cipher);
			}
			return store(message, digest, payload, this.clock.instant(), sender, cipher, true);
		}
		catch (PayloadRefusedException ex) {
			return REFUSED_FOR_GOOD.contains(ex.reason()) ? refuse(message, digest, ex.reason())
					: new Acceptance.Refused(ex.reason());
		}
	}

	private String decrypt(PayloadCipher cipher, InboundMessage message) throws PayloadRefusedException {
		Observation observation = this.observations
			.create(PacerelleObservation.DECRYPT, message.conversation().conversationId(), message.id())
			.start();
		String outcome = "error";
		try {
			String payload = cipher.open(message);
			outcome = Observations.SUCCESS;
			return payload;
		}
		catch (PayloadRefusedException ex) {
			outcome = ex.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
			throw ex;
		}
		finally {
			Observations.stop(observation, outcome);
		}
	}

	private void commit(List<Change> changes) {
		this.observations.observe(PacerelleObservation.COMMIT, () -> this.store.commitAndWait(changes));
	}

	/** What the message means is read when its device is trusted, and not before. */
	private Acceptance await(InboundMessage message, byte[] digest, String payload, KnownIdentity sender,
			PayloadCipher cipher) {
		if (!this.identities.mayWait(sender)) {
			return new Acceptance.Refused(RejectionReason.DEVICE_WAITING);
		}
		List<Change> changes = new ArrayList<>(cipher.changes());
		changes
			.add(new Change.MessageWaiting(message.id(), digest, payload, replyContext(message), this.clock.instant()));
		commit(changes);
		cipher.committed();
		// Somebody may have decided meanwhile.
		return accept(message, digest, List.of());
	}

	private Acceptance goOn(InboundMessage message, byte[] digest, Receipt receipt) {
		KnownIdentity sender = this.store.knownIdentity(message.from(), message.deviceId(),
				message.conversation().conversationId());
		if (sender != null && sender.state() == KnownIdentity.State.REFUSED && !message.conversation().isGroup()) {
			return new Acceptance.Refused(RejectionReason.DEVICE_REFUSED);
		}
		String payload = receipt.payload();
		if (isKept(receipt.state())) {
			StoredMessage stored = this.store.message(message.id());
			return decode(message, payload, new Arrival(receipt.receivedAt(), sender, true),
					stored != null && stored.envelope() != null, this.store.attempts(message.id()))
				.acceptance();
		}
		if (sender != null && sender.isWaiting()) {
			return new Acceptance.Waiting(sender);
		}
		PayloadCipher cipher = this.ciphers.start(List.of());
		try {
			return store(message, digest, cipher.unwrap(message, (payload != null) ? payload : ""),
					receipt.receivedAt(), sender, cipher, false);
		}
		catch (PayloadRefusedException ex) {
			return new Acceptance.Refused(ex.reason());
		}
	}

	private static ReplyContext replyContext(InboundMessage message) {
		return new ReplyContext(message.from(), message.conversation().conversationId(), message.deviceId());
	}

	private Acceptance store(InboundMessage message, byte[] digest, String payload, Instant receivedAt,
			@Nullable KnownIdentity sender, PayloadCipher cipher, boolean mayHold) {
		Decoded decoded = decode(message, payload, new Arrival(receivedAt, sender, false), true, 0);
		List<Change> changes = new ArrayList<>(decoded.changes());
		changes.add(new Change.MessagePending(message.id(), digest, payload, message.envelope(), replyContext(message),
				receivedAt));
		if (message.deviceId() != null && !message.conversation().isGroup()) {
			changes.add(
					new Change.DeviceUsed(message.from(), message.conversation().conversationId(), message.deviceId()));
		}
		boolean held = mayHold && decoded.isPlain() && !message.conversation().isGroup() && cipher.movesSessionsOnly()
				&& this.ciphers.hold(new HeldMessage(message, cipher, changes));
		if (!held) {
			changes.addAll(0, cipher.changes());
			commit(changes);
			cipher.committed();
		}
		return decoded.acceptance();
	}

	private Acceptance refuse(InboundMessage message, byte[] digest, RejectionReason reason) {
		commit(List.of(new Change.MessageRejected(message.id(), digest, this.clock.instant())));
		return new Acceptance.Refused(reason);
	}

	/**
	 * Decodes a message.
	 * @param message the message
	 * @param payload its payload
	 * @param arrival when it was received first, and from whom
	 * @param restorable whether it can be read from the store again
	 * @param attempts how often it failed
	 * @return its content
	 */
	private Decoded decode(InboundMessage message, @Nullable String payload, Arrival arrival, boolean restorable,
			int attempts) {
		Payload.Decoded decoded = Payload.decode((payload != null) ? payload : "", message.encrypted(),
				message.fields().path("attachments"));
		List<Change> changes = new ArrayList<>();
		WidgetResponse response = decoded.widgetResponse();
		if (response != null) {
			Answered answered = this.widgets.answered(message, response.ref(), arrival);
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
		AgentMessage decodedMessage = AgentMessage.builder(message.from(), message.conversation().conversationId())
			.id(message.id())
			.fromDeviceId(message.deviceId())
			.group(message.conversation().isGroup())
			.encrypted(message.encrypted())
			.text(decoded.text())
			.attachments(attachments)
			.replyToMessageId(message.replyToMessageId())
			.widgetResponse(response)
			.widgetUpdate(decoded.widgetUpdate())
			.build();
		return new Decoded(new Acceptance.Pending(decodedMessage, restorable, attempts), changes);
	}

	/**
	 * The content of a message.
	 *
	 * @param acceptance the outcome
	 * @param changes what is stored when it is received first
	 */
	private record Decoded(Acceptance acceptance, List<Change> changes) {

		/** Nobody but its handler has to do with it. */
		boolean isPlain() {
			return this.changes.isEmpty() && this.acceptance instanceof Acceptance.Pending pending
					&& pending.message().widgetResponse() == null;
		}

	}

}
