package com.pacerelle.client;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.store.AgentStore;
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

	private final Outbox outbox;

	private final ConversationLocks locks;

	private final Scheduler scheduler;

	private final Clock clock;

	Sender(PayloadCiphers ciphers, Outbox outbox, ConversationLocks locks, Scheduler scheduler) {
		this.settings = ciphers.settings();
		this.store = ciphers.store();
		this.ciphers = ciphers;
		this.outbox = outbox;
		this.locks = locks;
		this.scheduler = scheduler;
		this.clock = ciphers.clock();
	}

	/**
	 * Commits the replies to a message and its acceptance in one transaction; they are
	 * sent then, and the message is acknowledged.
	 * @param message the message
	 * @param replies the replies in their order
	 */
	void accept(InboundMessage message, List<? extends Content> replies) {
		Change accepted = new Change.MessageAccepted(message.id(), this.clock.instant());
		commit(message.conversation(), message.deviceId(), message.id(), replies, List.of(accepted),
				Acknowledgement.of(message));
	}

	/**
	 * Sends on a thread that may block.
	 * @param send sends
	 * @return the message, once it is committed
	 */
	Mono<SentMessage> sending(Callable<SentMessage> send) {
		return Mono.fromCallable(send).subscribeOn(this.scheduler);
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
		return commit(conversation, deviceId, replyToMessageId, List.of(content), List.of(), null).get(0);
	}

	/**
	 * The conversation of a message, for its handler.
	 * @param message the message
	 * @return a conversation whose messages refer to the message
	 */
	Conversation conversationOf(InboundMessage message) {
		return new DefaultConversation(this, message.conversation(), message.deviceId(), message.id());
	}

	private List<SentMessage> commit(ConversationKey conversation, @Nullable String deviceId, @Nullable String answered,
			List<? extends Content> contents, List<Change> extra, @Nullable String ack) {
		List<SentMessage> sent = new ArrayList<>(contents.size());
		List<String> frames = new ArrayList<>(contents.size());
		List<GroupKeyEnvelope> envelopes = contents.isEmpty() ? List.of() : this.ciphers.fetchToWrite(conversation);
		Lock lock = this.locks.of(conversation);
		lock.lock();
		try {
			PayloadCipher cipher = this.ciphers.start(envelopes);
			for (Content content : contents) {
				String id = UUID.randomUUID().toString();
				Payload.Encoded payload = Payload.encode(content);
				frames.add(frame(cipher, conversation, deviceId, id, payload.plaintext(), answered));
				sent.add(new SentMessage(id, conversation.conversationId(), payload.widgetId()));
			}
			List<Change> changes = cipher.changes();
			changes.addAll(extra);
			this.outbox.commit(changes, frames, ack);
			cipher.committed();
		}
		finally {
			lock.unlock();
		}
		return sent;
	}

	private String frame(PayloadCipher cipher, ConversationKey conversation, @Nullable String deviceId, String id,
			String plaintext, @Nullable String answered) {
		PayloadCipher.Sealed sealed = cipher.seal(conversation, deviceId, id, plaintext);
		// All members read the same message to a group.
		String json = new OutboundMessage("MSG", id, conversation.conversationId(), conversation.to(), sealed.payload(),
				this.settings.encrypted(), conversation.isGroup() ? null : deviceId, sealed.historyRecord(), answered)
			.toJson();
		if (json.length() > this.settings.maxFrameSize()) {
			throw new IllegalArgumentException("The content is too long for one message: its frame has " + json.length()
					+ " bytes, 'maxFrameSize' is " + this.settings.maxFrameSize());
		}
		return json;
	}

}
