package com.pacerelle.client;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Tally;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A conversation that sends through a {@link Sender}.
 *
 * @param sender sends
 * @param key who and where
 * @param deviceId the device, or {@code null} for the one used last
 * @param messageId the message that is answered, or {@code null}
 */
record DefaultConversation(Sender sender, ConversationKey key, @Nullable String deviceId,
		@Nullable String messageId) implements Conversation {

	@Override
	public String id() {
		return this.key.conversationId();
	}

	@Override
	public String to() {
		return this.key.to();
	}

	@Override
	public boolean isGroup() {
		return this.key.isGroup();
	}

	@Override
	public Conversation replyingTo(String messageId) {
		return new DefaultConversation(this.sender, this.key, null, messageId);
	}

	@Override
	public Conversation onDevice(String deviceId) {
		return new DefaultConversation(this.sender, this.key, deviceId, this.messageId);
	}

	@Override
	public Mono<SentMessage> send(Content content) {
		return this.sender.blocking(() -> this.sender.send(this.key, this.deviceId, content, this.messageId));
	}

	@Override
	public <T> Mono<Tally<T>> tally(String widgetId, Class<T> type) {
		return this.sender.blocking(() -> this.sender.tally(this.key, widgetId, type));
	}

	@Override
	public String toString() {
		return "Conversation[id=" + id() + "]";
	}

}
