package com.pacerelle.client.outbound;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import com.pacerelle.client.SentMessage;
import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.file.Uploads;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.ApplicationTransaction;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.wire.Acknowledgement;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.client.wire.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Commits what is sent and accepted, by itself or in a transaction of the application.
 * Blocks.
 */
public final class Sender {

	private final String agentId;

	private final AgentStore store;

	private final IssuedWidgets issued;

	private final PayloadCiphers ciphers;

	private final Uploads uploads;

	private final OutgoingWriter writer;

	private final Clock clock;

	private final Observations observations;

	/**
	 * Creates a sender.
	 * @param agentId the agent, whose name is that of its part in transactions
	 * @param encrypted whether messages are end-to-end encrypted
	 * @param maxFrameSize the largest frame, in bytes
	 * @param store where messages came from, and which widgets were sent
	 * @param ciphers encrypt
	 * @param uploads upload files
	 * @param outbox commits and writes frames
	 * @param clock tells the time
	 * @param observations observe what is sent
	 */
	public Sender(String agentId, boolean encrypted, int maxFrameSize, AgentStore store, PayloadCiphers ciphers,
			Uploads uploads, Outbox outbox, Clock clock, Observations observations) {
		this.agentId = agentId;
		this.store = store;
		this.issued = new IssuedWidgets(store);
		this.ciphers = ciphers;
		this.uploads = uploads;
		this.writer = new OutgoingWriter(encrypted, maxFrameSize, ciphers, this.issued, outbox, clock);
		this.clock = clock;
		this.observations = observations;
	}

	/**
	 * Commits the replies to a message and its acceptance, and that of the answers that
	 * its handler asked for, in one transaction; they are sent then, and the messages are
	 * acknowledged.
	 * @param message the message
	 * @param replies the replies in their order
	 * @param answers the answers
	 */
	public void accept(InboundMessage message, List<? extends Content> replies, List<InboundMessage> answers) {
		settle(message, replies, answers, List.of(new Change.MessageAccepted(message.id(), this.clock.instant())));
	}

	/**
	 * Commits the replies to a message as above, with what becomes of it.
	 * @param message the message
	 * @param replies the replies in their order
	 * @param answers the answers
	 * @param settled what becomes of the message
	 */
	public void settle(InboundMessage message, List<? extends Content> replies, List<InboundMessage> answers,
			List<? extends Change> settled) {
		commit(unit(message, replies, answers, settled));
	}

	/**
	 * Has replies and acceptance, as above, written and sent with the transaction of the
	 * application that the calling thread is in.
	 * @param message the message
	 * @param replies the replies in their order
	 * @param answers the answers
	 */
	public void acceptInTransaction(InboundMessage message, List<? extends Content> replies,
			List<InboundMessage> answers) {
		join(unit(message, replies, answers, List.of(new Change.MessageAccepted(message.id(), this.clock.instant()))));
	}

	private Unit unit(InboundMessage message, List<? extends Content> replies, List<InboundMessage> answers,
			List<? extends Change> settled) {
		Instant now = this.clock.instant();
		List<Change> accepted = new ArrayList<>(settled);
		answers.forEach((answer) -> accepted.add(new Change.MessageAccepted(answer.id(), now)));
		List<String> acks = new ArrayList<>();
		acks.add(Acknowledgement.of(message));
		answers.forEach((answer) -> acks.add(Acknowledgement.of(answer)));
		return new Unit(Destination.of(message), null, message, replies, accepted, acks);
	}

	/**
	 * Commits the acceptance of a message that needs no handler, with what comes of it;
	 * the message is acknowledged then.
	 * @param message the message
	 * @param changes what comes of it
	 */
	public void accept(InboundMessage message, List<Change> changes) {
		List<Change> accepted = new ArrayList<>(changes);
		accepted.add(new Change.MessageAccepted(message.id(), this.clock.instant()));
		commit(new Unit(Destination.of(message), null, message, List.of(), accepted,
				List.of(Acknowledgement.of(message))));
	}

	/**
	 * Commits a widget with which a handler asks, unless it did so before.
	 * @param destination where
	 * @param messageId the message that is handled, which the widget answers
	 * @param widget the widget
	 * @param widgetId its id
	 * @return since when the person sees it
	 */
	public Sent askOnce(Destination destination, String messageId, Widget<?> widget, String widgetId) {
		IssuedWidget before = this.issued.askedBefore(destination.conversation(), widgetId, messageId);
		if (before != null) {
			return new Sent(before.issuedAt(), before.expiresAt(), true);
		}
		Instant now = this.clock.instant();
		commit(new Unit(new Destination(destination.conversation(), destination.deviceId(), messageId), messageId, null,
				List.of(widget.id(widgetId)), List.of(), List.of()));
		return new Sent(now, widget.expiresAt(), false);
	}

	/**
	 * Commits a message of the application.
	 * @param destination to whom; without a device, it goes to the one that the answered
	 * message came from, or the one used last
	 * @param content what to send
	 * @return the message
	 */
	public SentMessage send(Destination destination, Content content) {
		return send(destination, content, List.of());
	}

	/**
	 * Commits a message of the application with other changes.
	 * @param destination to whom, as above
	 * @param content what to send
	 * @param changes the changes
	 * @return the message
	 */
	public SentMessage send(Destination destination, Content content, List<Change> changes) {
		// What is answered may be held still: the store must know it.
		this.ciphers.settle(destination.conversation());
		return commit(new Unit(withDevice(destination), null, null, List.of(content), changes, List.of())).get(0);
	}

	/**
	 * Whether the calling thread is in a transaction of the application.
	 * @return whether what is sent on this thread belongs to one
	 */
	public boolean isInTransaction() {
		return this.store.transactions().current() != null;
	}

	/**
	 * Has a message of the application written and sent with the transaction that the
	 * calling thread is in.
	 * @param destination to whom, as above
	 * @param content what to send
	 * @return the message
	 */
	public SentMessage sendInTransaction(Destination destination, Content content) {
		return join(new Unit(destination, null, null, List.of(content), List.of(), List.of())).get(0);
	}

	private Destination withDevice(Destination destination) {
		ConversationKey conversation = destination.conversation();
		String replyTo = destination.replyTo();
		ReplyContext source = (replyTo != null) ? this.store.replyContext(replyTo) : null;
		if (source != null && !(source.conversationId().equals(conversation.conversationId())
				&& (conversation.isGroup() || source.userId().equals(conversation.to())))) {
			throw new IllegalArgumentException("'replyToMessageId' must be a message of the same person in the same"
					+ " conversation; send without it to write to another one");
		}
		if (destination.deviceId() != null) {
			return destination;
		}
		// A message that named no device is answered where it came from as well.
		return destination.onDevice((source != null) ? source.deviceId()
				: this.store.lastDevice(conversation.to(), conversation.conversationId()));
	}

	private List<SentMessage> commit(Unit unit) {
		return observed(unit, () -> {
			Outgoing outgoing = prepare(unit);
			this.writer.commit(outgoing);
			return outgoing.sent();
		});
	}

	private List<SentMessage> observed(Unit unit, Supplier<List<SentMessage>> sending) {
		if (unit.contents().isEmpty()) {
			return sending.get();
		}
		Destination destination = unit.destination();
		return Observations.observe(this.observations.create(PacerelleObservation.SEND,
				destination.conversation().conversationId(), destination.replyTo()), sending);
	}

	/** What needs the network comes before any lock. */
	private Outgoing prepare(Unit unit) {
		List<Outgoing.Message> messages = this.uploads.upload(unit.contents())
			.stream()
			.map((uploaded) -> new Outgoing.Message(UUID.randomUUID().toString(), uploaded.content(),
					Payload.encode(uploaded.content(), uploaded.attachments())))
			.toList();
		return new Outgoing(unit.destination(), unit.askedBy(), unit.accepted(), messages,
				messages.isEmpty() ? List.of() : this.ciphers.fetchToWrite(unit.destination().conversation()),
				unit.changes(), unit.acks());
	}

	private List<SentMessage> join(Unit unit) {
		ApplicationTransaction transaction = this.store.transactions().current();
		if (transaction == null) {
			throw new IllegalStateException("This thread is in no transaction of the application");
		}
		TransactionalSends sends = transaction.join(this.agentId,
				() -> new TransactionalSends(transaction, this.store, this.ciphers, this.writer, this::withDevice));
		return observed(unit, () -> {
			Outgoing outgoing = prepare(unit);
			sends.add(outgoing);
			return outgoing.sent();
		});
	}

	/**
	 * A widget that the person sees.
	 *
	 * @param at since when
	 * @param expiresAt until when it can be answered, or {@code null}
	 * @param before whether an earlier run of the handler has sent it
	 */
	public record Sent(Instant at, @Nullable Instant expiresAt, boolean before) {
	}

	/**
	 * What the application wants to be committed together.
	 *
	 * @param destination where the contents go
	 * @param askedBy the message whose handler asks, or {@code null}
	 * @param accepted the message that is answered and accepted, or {@code null}
	 * @param contents what is sent
	 * @param changes what else is stored
	 * @param acks the acknowledgements
	 */
	private record Unit(Destination destination, @Nullable String askedBy, @Nullable InboundMessage accepted,
			List<? extends Content> contents, List<Change> changes, List<String> acks) {
	}

}
