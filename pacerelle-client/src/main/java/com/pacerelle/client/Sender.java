package com.pacerelle.client;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.Uploads.Uploaded;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Asked;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.ReplyContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Turns content into frames and commits them with the session state that they leave
 * behind, so that a crash never uses a message key again (gateway.md section 5). Blocks.
 */
final class Sender {

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final PayloadCiphers ciphers;

	private final Uploads uploads;

	private final Outbox outbox;

	private final Scheduler scheduler;

	private final Clock clock;

	/**
	 * Creates a sender.
	 * @param settings say how messages are sent
	 * @param store where reply contexts and devices are
	 * @param ciphers encrypts
	 * @param uploads uploads files
	 * @param outbox commits and sends frames
	 * @param scheduler where it blocks
	 * @param clock tells the time
	 */
	Sender(AgentGatewaySettings settings, AgentStore store, PayloadCiphers ciphers, Uploads uploads, Outbox outbox,
			Scheduler scheduler, Clock clock) {
		this.settings = settings;
		this.store = store;
		this.ciphers = ciphers;
		this.uploads = uploads;
		this.outbox = outbox;
		this.scheduler = scheduler;
		this.clock = clock;
	}

	/**
	 * Commits the replies to a message and its acceptance, and that of the answers that
	 * its handler asked for, in one transaction; they are sent then, and the messages are
	 * acknowledged.
	 * @param message the message
	 * @param replies the replies in their order
	 * @param answers the answers
	 */
	void accept(InboundMessage message, List<? extends Content> replies, List<InboundMessage> answers) {
		Instant now = this.clock.instant();
		List<Change> accepted = new ArrayList<>();
		accepted.add(new Change.MessageAccepted(message.id(), now));
		answers.forEach((answer) -> accepted.add(new Change.MessageAccepted(answer.id(), now)));
		List<String> acks = new ArrayList<>();
		acks.add(Acknowledgement.of(message));
		answers.forEach((answer) -> acks.add(Acknowledgement.of(answer)));
		commit(message.conversation(), message.deviceId(), message.id(), replies, accepted, acks);
	}

	/**
	 * Commits a widget of a handler with the mark that it was sent.
	 * @param conversation where
	 * @param messageId the message that is handled
	 * @param widget the widget
	 * @param widgetId its id
	 * @param asked the mark
	 */
	void ask(DefaultConversation conversation, String messageId, Widget<?> widget, String widgetId, Asked asked) {
		commit(conversation.key(), conversation.deviceId(), messageId, List.of(widget.id(widgetId)),
				List.of(new Change.WidgetAsked(messageId, widgetId, asked)), List.of());
	}

	boolean keepsUp() {
		return this.outbox.keepsUp();
	}

	/**
	 * Does something on a thread that may block.
	 * @param <T> what comes of it
	 * @param work the work, such as sending a message
	 * @return what comes of it, empty for {@code null}
	 */
	<T> Mono<T> blocking(Callable<? extends @Nullable T> work) {
		return Mono.<T>fromCallable(work).subscribeOn(this.scheduler);
	}

	/**
	 * The votes on a collective widget so far.
	 * @param <T> the type of an option
	 * @param conversation the conversation
	 * @param widgetId the widget
	 * @param type the type of an option
	 * @return the tally, or {@code null} if nobody votes on the widget
	 */
	<T> @Nullable Tally<T> tally(ConversationKey conversation, String widgetId, Class<T> type) {
		return new Polls(this.store).tally(conversation.conversationId(), widgetId, type);
	}

	/**
	 * Commits a message of the application.
	 * @param conversation to whom
	 * @param device the device, or {@code null} for the one that the answered message
	 * came from, or the one used last
	 * @param content what to send
	 * @param replyToMessageId the message that is answered, or {@code null}
	 * @return the message
	 */
	SentMessage send(ConversationKey conversation, @Nullable String device, Content content,
			@Nullable String replyToMessageId) {
		ReplyContext source = (replyToMessageId != null) ? this.store.replyContext(replyToMessageId) : null;
		if (source != null && !(source.conversationId().equals(conversation.conversationId())
				&& (conversation.isGroup() || source.userId().equals(conversation.to())))) {
			throw new IllegalArgumentException("'replyToMessageId' must be a message of the same person in the same"
					+ " conversation; send without it to write to another one");
		}
		String deviceId = device;
		if (deviceId == null) {
			// A message that named no device is answered where it came from as well.
			deviceId = (source != null) ? source.deviceId()
					: this.store.lastDevice(conversation.to(), conversation.conversationId());
		}
		return commit(conversation, deviceId, replyToMessageId, List.of(content), List.of(), List.of()).get(0);
	}

	private List<SentMessage> commit(ConversationKey conversation, @Nullable String deviceId, @Nullable String answered,
			List<? extends Content> contents, List<Change> extra, List<String> acks) {
		List<Uploaded> uploaded = this.uploads.upload(contents);
		List<SentMessage> sent = new ArrayList<>(contents.size());
		List<String> frames = new ArrayList<>(contents.size());
		List<Change> polls = new ArrayList<>();
		List<GroupKeyEnvelope> envelopes = contents.isEmpty() ? List.of() : this.ciphers.fetchToWrite(conversation);
		Lock lock = this.ciphers.lockOf(conversation);
		lock.lock();
		try {
			PayloadCipher cipher = this.ciphers.start(envelopes);
			for (Uploaded each : uploaded) {
				Content content = each.content();
				String id = UUID.randomUUID().toString();
				Payload.Encoded payload = Payload.encode(content, each.attachments());
				frames.add(frame(cipher, conversation, deviceId, id, payload, answered));
				Change poll = Polls.sent(conversation.conversationId(), content, payload.widgetId(),
						this.clock.instant());
				if (poll != null) {
					polls.add(poll);
				}
				sent.add(new SentMessage(id, conversation.conversationId(), payload.widgetId()));
			}
			List<Change> changes = cipher.changes();
			changes.addAll(polls);
			changes.addAll(extra);
			this.outbox.commit(changes, frames, acks);
			cipher.committed();
		}
		finally {
			lock.unlock();
		}
		return sent;
	}

	private String frame(PayloadCipher cipher, ConversationKey conversation, @Nullable String deviceId, String id,
			Payload.Encoded content, @Nullable String answered) {
		PayloadCipher.Sealed sealed = cipher.seal(conversation, deviceId, id, content.plaintext());
		// All members read the same message to a group.
		String json = new OutboundMessage("MSG", id, conversation.conversationId(), conversation.to(), sealed.payload(),
				this.settings.encrypted(), conversation.isGroup() ? null : deviceId, sealed.historyRecord(), answered,
				content.attachments().isEmpty() ? null : content.attachments())
			.toJson();
		if (json.length() > this.settings.connection().maxFrameSize()) {
			throw new IllegalArgumentException("The content is too long for one message: its frame has " + json.length()
					+ " bytes, 'connection.maxFrameSize' is " + this.settings.connection().maxFrameSize());
		}
		return json;
	}

}
