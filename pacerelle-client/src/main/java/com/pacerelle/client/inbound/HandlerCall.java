package com.pacerelle.client.inbound;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.PrintableId;
import com.pacerelle.client.conversation.CallContext;
import com.pacerelle.client.conversation.Conversations;
import com.pacerelle.client.conversation.LiveProgress;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.store.MessageTransaction;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One call of a handler for a message: from the call to the end of what it returns,
 * without a thread in between, within the time limit.
 */
final class HandlerCall {

	private static final Logger logger = LoggerFactory.getLogger(HandlerCall.class);

	/** They are collected, and committed in one transaction. */
	private static final int MAX_REPLIES = 1000;

	/** So many may come while the first of a progress is shown. */
	private static final int PULLED = 16;

	private final AgentMessageHandler handler;

	private final Conversations conversations;

	private final CallContext context;

	private final Observation observation;

	private final Executor executor;

	private final Consumer<Outcome> end;

	private final Disposable.Swap subscription = Disposables.swap();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition ended = this.lock.newCondition();

	private @Nullable Outcome outcome;

	private @Nullable Thread thread;

	private boolean returned;

	private boolean late;

	/**
	 * Creates a call.
	 * @param handler who is called
	 * @param conversations what the handler talks to
	 * @param context the message, its questions, and whether the call is over
	 * @param observation observes the call, and is current in the handler
	 * @param executor where the call ends if it ends later
	 * @param end told the outcome: on the thread of the call if it is known when the call
	 * returns, else on the executor
	 */
	HandlerCall(AgentMessageHandler handler, Conversations conversations, CallContext context, Observation observation,
			Executor executor, Consumer<Outcome> end) {
		this.handler = handler;
		this.conversations = conversations;
		this.context = context;
		this.observation = observation;
		this.executor = executor;
		this.end = end;
	}

	/**
	 * Calls the handler. When it begins a transaction, this waits for the outcome.
	 * @param message what it gets
	 * @param transaction the transaction that the handler may begin
	 */
	void start(AgentMessage message, MessageTransaction transaction) {
		Mono<List<Content>> result = result(message);
		this.lock.lock();
		try {
			this.thread = Thread.currentThread();
		}
		finally {
			this.lock.unlock();
		}
		this.context.start(this::timeOut);
		Observations.kind(this.observation, kind(message)).start();
		Observation.Scope scope = this.observation.openScope();
		try {
			this.subscription.update(result.subscribe((replies) -> end(new Outcome(replies, null)),
					(failure) -> end(new Outcome(List.of(), failure))));
		}
		catch (Throwable ex) {
			// Reactor throws errors of the virtual machine, such as an endless recursion.
			end(new Outcome(List.of(), ex));
		}
		finally {
			scope.close();
		}
		Outcome known;
		boolean ignored;
		this.lock.lock();
		try {
			while (transaction.isActive() && this.outcome == null) {
				awaitOutcome();
			}
			this.thread = null;
			this.returned = true;
			known = this.outcome;
			ignored = this.late && known == null;
			if (this.late) {
				// The interrupt was for the handler, not for what follows.
				Thread.interrupted();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (known != null) {
			finish(known);
		}
		else if (ignored) {
			cancel();
		}
	}

	/** A transaction is bound to its thread, and a progress may still be shown. */
	private void awaitOutcome() {
		try {
			this.ended.await();
		}
		catch (InterruptedException ex) {
			this.subscription.dispose();
			if (this.context.end()) {
				this.outcome = this.late ? timedOut() : new Outcome(List.of(), ex);
			}
		}
	}

	private static Outcome timedOut() {
		return new Outcome(List.of(), new TimeoutException("The handler took longer than 'handling.timeout' allows"));
	}

	private Mono<List<Content>> result(AgentMessage message) {
		LiveProgress progress = this.conversations.progressOf(this.context);
		Conversation conversation = this.conversations.of(this.context, progress);
		return Flux.<Content>defer(() -> Flux.from(this.handler.handle(message, conversation)))
			.<Content>handle((content, pulled) -> {
				if (!progress.conflate(content)) {
					pulled.next(content);
				}
			})
			.concatMapDelayError(progress::show, false, PULLED)
			.takeUntilOther(progress.cancelled())
			.index((index, content) -> {
				if (index >= MAX_REPLIES) {
					throw new IllegalStateException("A handler returned more than " + MAX_REPLIES
							+ " replies, which are committed together: send them with 'Conversation.send'");
				}
				return content;
			})
			.collectList()
			.delayUntil((replies) -> progress.flush())
			.contextWrite(Observations.with(this.observation));
	}

	static String kind(AgentMessage message) {
		if (message.widgetResponse() != null) {
			return "answer";
		}
		if (message.widgetUpdate() != null) {
			return "update";
		}
		return message.attachments().isEmpty() ? "text" : "files";
	}

	private void finish(Outcome outcome) {
		Throwable failure = outcome.failure();
		if (failure instanceof InterruptedException) {
			Observations.stop(this.observation, "cancelled");
		}
		else if (failure != null) {
			Observations.fail(this.observation, Exceptions.unwrap(failure));
			this.observation.stop();
		}
		else {
			Observations.stop(this.observation, Observations.SUCCESS);
			warnOfUnsubscribed();
		}
		this.end.accept(outcome);
	}

	private void warnOfUnsubscribed() {
		int unsubscribed = this.context.unsubscribed();
		if (unsubscribed > 0) {
			logger.warn("The handler of message {} made {} that nobody subscribed to, so nothing was sent: return what"
					+ " 'send' and 'ask' return, or call 'sendAndWait' and 'askAndWait'; what is only sent in some"
					+ " cases belongs into 'Mono.defer'", PrintableId.of(this.context.messageId()),
					(unsubscribed == 1) ? "a message or question" : unsubscribed + " messages or questions");
		}
	}

	private void end(Outcome outcome) {
		if (!this.context.end()) {
			return;
		}
		Outcome ended;
		boolean returned;
		this.lock.lock();
		try {
			ended = this.late ? timedOut() : outcome;
			this.outcome = ended;
			this.ended.signalAll();
			returned = this.returned;
		}
		finally {
			this.lock.unlock();
		}
		if (returned) {
			this.executor.execute(() -> finish(ended));
		}
	}

	/**
	 * Ends the call soon, without a result.
	 */
	void cancel() {
		this.subscription.dispose();
		end(new Outcome(List.of(), new InterruptedException()));
	}

	private void timeOut() {
		this.lock.lock();
		try {
			if (this.context.isOver()) {
				return;
			}
			this.late = true;
			if (this.thread != null) {
				this.thread.interrupt();
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		cancel();
	}

	/**
	 * How a call ended.
	 *
	 * @param replies what is to be sent
	 * @param failure why it failed, or {@code null}
	 */
	record Outcome(List<Content> replies, @Nullable Throwable failure) {
	}

}
