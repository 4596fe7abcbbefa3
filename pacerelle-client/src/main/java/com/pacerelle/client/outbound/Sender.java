package com.pacerelle.client.outbound;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.PrintableId;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.encryption.GroupKeyEnvelope;
import com.pacerelle.client.encryption.HeldMessage;
import com.pacerelle.client.encryption.PayloadCipher;
import com.pacerelle.client.encryption.PayloadCiphers;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.file.Uploads;
import com.pacerelle.client.file.Uploads.Uploaded;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.wire.Acknowledgement;
import com.pacerelle.client.wire.ConversationKey;
import com.pacerelle.client.wire.InboundMessage;
import com.pacerelle.client.wire.OutboundMessage;
import com.pacerelle.client.wire.Payload;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns content into frames and commits them with the session state that they leave
 * behind, so that a crash never uses a message key again (gateway.md section 5). Blocks.
 */
public final class Sender {

	private static final Logger logger = LoggerFactory.getLogger(Sender.class);

	private final boolean encrypted;

	private final int maxFrameSize;

	private final AgentStore store;

	private final IssuedWidgets issued;

	private final PayloadCiphers ciphers;

	private final Uploads uploads;

	private final Outbox outbox;

	private final Clock clock;

	private final Observations observations;

	/**
	 * Creates a sender.
	 * @param encrypted whether messages are end-to-end encrypted
	 * @param maxFrameSize the largest frame, in bytes
	 * @param store where messages came from, and which widgets were sent
	 * @param ciphers encrypt
	 * @param uploads upload files
	 * @param outbox commits and writes frames
	 * @param clock tells the time
	 * @param observations observe what is sent
	 */
	public Sender(boolean encrypted, int maxFrameSize, AgentStore store, PayloadCiphers ciphers, Uploads uploads,
			Outbox outbox, Clock clock, Observations observations) {
		this.encrypted = encrypted;
		this.maxFrameSize = maxFrameSize;
		this.store = store;
		this.issued = new IssuedWidgets(store);
		this.ciphers = ciphers;
		this.uploads = uploads;
		this.outbox = outbox;
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
		Instant now = this.clock.instant();
		List<Change> accepted = new ArrayList<>(settled);
		answers.forEach((answer) -> accepted.add(new Change.MessageAccepted(answer.id(), now)));
		List<String> acks = new ArrayList<>();
		acks.add(Acknowledgement.of(message));
		answers.forEach((answer) -> acks.add(Acknowledgement.of(answer)));
		commit(new Unit(Destination.of(message), null, message, replies, accepted, acks));
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
		if (unit.contents().isEmpty()) {
			return commitUnobserved(unit);
		}
		Destination destination = unit.destination();
		return Observations.observe(this.observations.create(PacerelleObservation.SEND,
				destination.conversation().conversationId(), destination.replyTo()), () -> commitUnobserved(unit));
	}

	private List<SentMessage> commitUnobserved(Unit unit) {
		Destination destination = unit.destination();
		ConversationKey conversation = destination.conversation();
		List<Uploaded> uploaded = this.uploads.upload(unit.contents());
		List<SentMessage> sent = new ArrayList<>(uploaded.size());
		List<String> frames = new ArrayList<>(uploaded.size());
		List<Change> issued = new ArrayList<>();
		List<GroupKeyEnvelope> envelopes = uploaded.isEmpty() ? List.of() : this.ciphers.fetchToWrite(conversation);
		InboundMessage accepted = unit.accepted();
		Lock lock = (accepted != null) ? this.ciphers.lockToAnswer(accepted) : this.ciphers.lock(conversation);
		try {
			HeldMessage held = (accepted != null) ? this.ciphers.resume(accepted) : null;
			PayloadCipher cipher = (held != null) ? held.cipher() : this.ciphers.start(envelopes);
			for (Uploaded each : uploaded) {
				Content content = each.content();
				String id = UUID.randomUUID().toString();
				Payload.Encoded payload = Payload.encode(content, each.attachments());
				frames.add(frame(cipher, destination, id, payload));
				Change change = this.issued.sent(destination, unit.askedBy(), content, payload.widgetId(),
						this.clock.instant());
				if (change != null) {
					issued.add(change);
				}
				sent.add(new SentMessage(id, conversation.conversationId(), payload.widgetId()));
			}
			List<Change> changes = cipher.changes();
			if (held != null) {
				changes.addAll(held.changes());
			}
			changes.addAll(issued);
			changes.addAll(unit.changes());
			this.outbox.commit(changes, frames, unit.acks());
			cipher.committed();
		}
		finally {
			lock.unlock();
		}
		log(unit, sent);
		return sent;
	}

	/**
	 * What was committed, and so will be sent.
	 */
	private static void log(Unit unit, List<SentMessage> sent) {
		if (!logger.isDebugEnabled()) {
			return;
		}
		for (int i = 0; i < sent.size(); i++) {
			logger.debug("Sent message {} ({})", sent.get(i).id(), unit.contents().get(i).getClass().getSimpleName());
		}
		for (Change change : unit.changes()) {
			if (change instanceof Change.MessageAccepted accepted) {
				logger.debug("Accepted message {}", PrintableId.of(accepted.messageId()));
			}
		}
	}

	private String frame(PayloadCipher cipher, Destination destination, String id, Payload.Encoded payload) {
		ConversationKey conversation = destination.conversation();
		PayloadCipher.Sealed sealed = cipher.seal(conversation, destination.deviceId(), id, payload.plaintext());
		String json = OutboundMessage
			.of(id, conversation, destination.deviceId(), destination.replyTo(), payload, this.encrypted,
					sealed.payload(), sealed.historyRecord())
			.toJson();
		if (json.length() > this.maxFrameSize) {
			throw new IllegalArgumentException("The content is too long for one message: its frame has " + json.length()
					+ " bytes, 'connection.maxFrameSize' is " + this.maxFrameSize);
		}
		return json;
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
	 * What is committed together.
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
