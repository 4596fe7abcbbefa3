package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.Lock;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.signal.SessionCipher;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into frames and commits them with the session state that they leave behind,
 * so that a crash never uses a message key again (gateway.md section 5). Blocks.
 */
final class Sender {

	private final AgentGatewaySettings settings;

	private final AgentStore store;

	private final Outbox outbox;

	private final ConversationLocks locks;

	private final SecureRandom random;

	private final Clock clock;

	Sender(AgentGatewaySettings settings, AgentStore store, Outbox outbox, ConversationLocks locks, SecureRandom random,
			Clock clock) {
		this.settings = settings;
		this.store = store;
		this.outbox = outbox;
		this.locks = locks;
		this.random = random;
		this.clock = clock;
	}

	/**
	 * Commits the replies to a message and its acceptance in one transaction; they are
	 * sent then, and the message is acknowledged.
	 * @param message the message
	 * @param replies the replies in their order
	 */
	void accept(InboundMessage message, List<Reply> replies) {
		List<String> texts = replies.stream().map(Reply::text).toList();
		Change accepted = new Change.MessageAccepted(message.id(), this.clock.instant());
		commit(message.conversation(), message.deviceId(), message.id(), texts, List.of(accepted),
				Acknowledgement.of(message));
	}

	/**
	 * Commits a message of the application.
	 * @param conversation to whom
	 * @param text the text
	 * @param replyToMessageId the message that is answered, or {@code null}
	 * @return the message
	 */
	SentMessage send(Conversation conversation, String text, @Nullable String replyToMessageId) {
		ReplyContext source = (replyToMessageId != null) ? this.store.replyContext(replyToMessageId) : null;
		if (source != null && !(source.userId().equals(conversation.userId())
				&& source.conversationId().equals(conversation.conversationId()))) {
			throw new IllegalArgumentException("'replyToMessageId' must be a message of the same person in the same"
					+ " conversation; send without it to write to another one");
		}
		// A message that named no device is answered where it came from as well.
		String deviceId = (source != null) ? source.deviceId()
				: this.store.lastDevice(conversation.userId(), conversation.conversationId());
		return commit(conversation, deviceId, replyToMessageId, List.of(text), List.of(), null).get(0);
	}

	private List<SentMessage> commit(Conversation conversation, @Nullable String deviceId, @Nullable String answered,
			List<String> texts, List<Change> extra, @Nullable String ack) {
		List<SentMessage> sent = new ArrayList<>(texts.size());
		List<String> frames = new ArrayList<>(texts.size());
		Lock lock = this.locks.of(conversation);
		lock.lock();
		try {
			SessionCipher cipher = new SessionCipher(this.store, this.random, this.clock);
			for (String text : texts) {
				String id = UUID.randomUUID().toString();
				frames.add(frame(cipher, conversation, deviceId, id, text, answered));
				sent.add(new SentMessage(id, conversation.conversationId()));
			}
			List<Change> changes = new ArrayList<>();
			cipher.changes().forEach((change) -> changes.add(new Change.Session(change)));
			changes.addAll(extra);
			this.outbox.commit(changes, frames, ack);
		}
		finally {
			lock.unlock();
		}
		return sent;
	}

	private String frame(SessionCipher cipher, Conversation conversation, @Nullable String deviceId, String id,
			String text, @Nullable String answered) {
		byte[] payload = Payload.ofText(text).getBytes(StandardCharsets.UTF_8);
		if (this.settings.encrypted()) {
			payload = cipher.encrypt(conversation.address(sessionDevice(conversation, deviceId)), payload);
		}
		String json = new OutboundMessage("MSG", id, conversation.conversationId(), conversation.userId(),
				Base64.getEncoder().encodeToString(payload), this.settings.encrypted(), deviceId, answered)
			.toJson();
		if (json.length() > this.settings.maxFrameSize()) {
			throw new IllegalArgumentException("The text is too long for one message: its frame has " + json.length()
					+ " bytes, 'maxFrameSize' is " + this.settings.maxFrameSize());
		}
		return json;
	}

	private @Nullable String sessionDevice(Conversation conversation, @Nullable String deviceId) {
		return (deviceId != null
				&& this.store.usesPlainName(conversation.userId(), conversation.conversationId(), deviceId)) ? null
						: deviceId;
	}

}
