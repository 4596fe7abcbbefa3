package com.pacerelle.mcp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.RetrySettings;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import org.springframework.stereotype.Component;

/**
 * Messages that wait for a client. A message is accepted when a client takes it: until
 * then it is delivered again, also after a restart. Of each conversation, only the first
 * message is here; the next one comes when it is taken.
 */
@Component
class Inbox implements AgentMessageHandler {

	private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();

	@Override
	public Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
		KnownConversation known = KnownConversation.of(conversation);
		return Mono.create((sink) -> {
			Waiting added = new Waiting(known, message, sink);
			sink.onDispose(() -> this.waiting.remove(added));
			this.waiting.add(added);
		});
	}

	/** That no client takes a message is no failure. */
	@Override
	public RetrySettings retryFor(AgentMessage message, RetrySettings defaults) {
		return new RetrySettings(Integer.MAX_VALUE, defaults.backoff(), defaults.noRetryFor(), defaults.recoverer());
	}

	/**
	 * Takes what waits.
	 * @param timeout how long to wait for the first message
	 * @return the messages, maybe none
	 * @throws InterruptedException if the thread is interrupted
	 */
	List<Waiting> take(Duration timeout) throws InterruptedException {
		List<Waiting> taken = new ArrayList<>();
		Waiting first = this.waiting.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
		if (first != null) {
			taken.add(first);
			this.waiting.drainTo(taken);
		}
		return taken;
	}

	/**
	 * A message that waits. Its {@code toString()} has no content.
	 *
	 * @param conversation where it was written
	 * @param message the message
	 * @param sink completed when it is accepted
	 */
	record Waiting(KnownConversation conversation, AgentMessage message, MonoSink<Content> sink) {

		void accept() {
			this.sink.success();
		}

		@Override
		public String toString() {
			return "Waiting[message=" + this.message.id() + "]";
		}

	}

}
