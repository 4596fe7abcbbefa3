package com.pacerelle.client;

import java.time.Duration;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Tally;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A conversation that sends through a {@link Sender}.
 *
 * @param sender sends
 * @param asking asks
 * @param key who and where
 * @param deviceId the device, or {@code null} for the one used last
 * @param messageId the message that is answered, or {@code null}
 * @param call the call of the handler that it was made for, or {@code null}
 */
record DefaultConversation(Sender sender, Asking asking, ConversationKey key, @Nullable String deviceId,
		@Nullable String messageId, @Nullable HandlerCall call) implements Conversation {

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
		return new DefaultConversation(this.sender, this.asking, this.key, null, messageId, this.call);
	}

	@Override
	public Conversation onDevice(String deviceId) {
		return new DefaultConversation(this.sender, this.asking, this.key, deviceId, this.messageId, this.call);
	}

	@Override
	public Mono<SentMessage> send(Content content) {
		return this.sender.blocking(() -> this.sender.send(this.key, this.deviceId, content, this.messageId));
	}

	@Override
	public <T> Mono<T> ask(Question<T> question) {
		return this.asking.ask(this, question, null);
	}

	@Override
	public <T> Mono<T> ask(Question<T> question, Duration timeout) {
		return this.asking.ask(this, question, timeout);
	}

	@Override
	public <T> T askAndWait(Question<T> question) {
		return this.asking.block(() -> Conversation.super.askAndWait(question));
	}

	@Override
	public <T> T askAndWait(Question<T> question, Duration timeout) {
		return this.asking.block(() -> Conversation.super.askAndWait(question, timeout));
	}

	/**
	 * The call of the handler that asks.
	 * @return the call, or {@code null} if there is none, or it is over
	 */
	@Nullable HandlerCall currentCall() {
		return (this.call != null && !this.call.isOver()) ? this.call : null;
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
