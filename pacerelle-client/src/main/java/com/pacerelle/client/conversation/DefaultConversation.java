package com.pacerelle.client.conversation;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import com.pacerelle.client.Conversation;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.event.Lifetime;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.outbound.Destination;
import com.pacerelle.client.outbound.Polls;
import com.pacerelle.client.outbound.Sender;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A conversation that sends through a {@link Sender}.
 *
 * @param sender sends
 * @param asking asks
 * @param polls counts votes
 * @param sending where sending may block
 * @param lifetime ends what is waited for when the client stops
 * @param waitingThreads bounds the threads that wait for answers
 * @param observations keep what is sent a part of what sends it
 * @param destination who and where
 * @param call the call of the handler that it was made for, or {@code null}
 * @param live shows the progress of that handler, or {@code null}
 */
record DefaultConversation(Sender sender, Asking asking, Polls polls, Scheduler sending, Lifetime lifetime,
		Semaphore waitingThreads, Observations observations, Destination destination, @Nullable CallContext call,
		@Nullable LiveProgress live) implements Conversation {

	@Override
	public String id() {
		return this.destination.conversation().conversationId();
	}

	@Override
	public String to() {
		return this.destination.conversation().to();
	}

	@Override
	public boolean isGroup() {
		return this.destination.conversation().isGroup();
	}

	@Override
	public Conversation replyingTo(String messageId) {
		return at(this.destination.replyingTo(messageId));
	}

	@Override
	public Conversation onDevice(String deviceId) {
		return at(this.destination.onDevice(deviceId));
	}

	private Conversation at(Destination other) {
		return new DefaultConversation(this.sender, this.asking, this.polls, this.sending, this.lifetime,
				this.waitingThreads, this.observations, other, this.call, this.live);
	}

	@Override
	public Mono<SentMessage> send(Content content) {
		Mono<SentMessage> alone = blocking(() -> this.sender.send(this.destination, content));
		return counted(Mono.defer(() -> isInTransaction()
				? this.lifetime.limit(Mono.fromCallable(() -> this.sender.sendInTransaction(this.destination, content)))
				: alone));
	}

	/** A progress shows at once, whatever becomes of the transaction of its handler. */
	private boolean isInTransaction() {
		return !isOfProgress() && this.sender.isInTransaction();
	}

	private boolean isOfProgress() {
		return this.call != null && this.live == null;
	}

	/** What shows the handler's progress is subscribed to when it is time. */
	private <T> Mono<T> counted(Mono<T> sending) {
		return (this.call != null && !isOfProgress()) ? this.call.counted(sending) : sending;
	}

	private <T> Mono<T> blocking(Callable<T> work) {
		return this.lifetime.limit(this.observations.call(work, this.sending));
	}

	@Override
	public <T> Mono<T> ask(Question<T> question) {
		return asked(this.asking.ask(this.destination, this.call, question, null));
	}

	@Override
	public <T> Mono<T> ask(Question<T> question, Duration timeout) {
		return asked(this.asking.ask(this.destination, this.call, question, timeout));
	}

	private <T> Mono<T> asked(Mono<T> answer) {
		return counted(this.lifetime.limit(Mono.defer(() -> isInTransaction() ? Mono.error(new IllegalStateException(
				"A question in a transaction would be asked when it commits, and not be answered before: return the"
						+ " widget, and handle its answer in another handler, or ask before the transaction begins"))
				: answer)));
	}

	@Override
	public <T> T askAndWait(Question<T> question) {
		return waiting(() -> Conversation.super.askAndWait(question));
	}

	@Override
	public <T> T askAndWait(Question<T> question, Duration timeout) {
		return waiting(() -> Conversation.super.askAndWait(question, timeout));
	}

	private <T> T waiting(Supplier<T> answer) {
		if (!this.waitingThreads.tryAcquire()) {
			throw new IllegalStateException(
					"Too many threads wait for a person: return what 'ask' returns, or use virtual threads");
		}
		try {
			return answer.get();
		}
		finally {
			this.waitingThreads.release();
		}
	}

	@Override
	public void show(Progress progress) {
		if (this.live == null || this.call == null || this.call.isOver()) {
			Conversation.super.show(progress);
		}
		else {
			this.live.showNow(progress);
		}
	}

	@Override
	public <T> Mono<Tally<T>> tally(String widgetId, Class<T> type) {
		return blocking(() -> this.polls.tally(this.destination.conversation(), widgetId, type));
	}

	@Override
	public String toString() {
		return "Conversation[id=" + id() + "]";
	}

}
