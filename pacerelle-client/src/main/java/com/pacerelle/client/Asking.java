package com.pacerelle.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.pacerelle.client.OpenQuestions.Answer;
import com.pacerelle.client.OpenQuestions.Open;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Asked;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends widgets and waits for their answers. A widget that a handler asks with is marked
 * in the store in the transaction that sends it: when the handler runs again after a
 * crash, it waits for the same widget and does not send it again.
 */
final class Asking {

	/** A person who does not get it right so often will not get it right. */
	private static final int MAX_ROUNDS = 10;

	/**
	 * How long a handler that runs again waits at least, for the answer that comes again
	 * behind its message.
	 */
	private static final Duration REPLAY = Duration.ofSeconds(5);

	private final Sender sender;

	private final AgentStore store;

	private final OpenQuestions questions;

	private final Dispatcher dispatcher;

	private final Scheduler handlers;

	private final Clock clock;

	private final Semaphore waitingThreads;

	/**
	 * Creates the asking.
	 * @param sender sends
	 * @param store where widgets are marked
	 * @param questions who waits for what
	 * @param dispatcher lets answers pass
	 * @param handlers where handlers go on
	 * @param clock tells the time
	 * @param waitingThreads how many threads may wait for answers
	 */
	Asking(Sender sender, AgentStore store, OpenQuestions questions, Dispatcher dispatcher, Scheduler handlers,
			Clock clock, int waitingThreads) {
		this.sender = sender;
		this.store = store;
		this.questions = questions;
		this.dispatcher = dispatcher;
		this.handlers = handlers;
		this.clock = clock;
		this.waitingThreads = new Semaphore(waitingThreads);
	}

	Conversation conversation(String to, String conversationId) {
		return new DefaultConversation(this.sender, this, new ConversationKey(to, conversationId), null, null, null);
	}

	DefaultConversation conversationOf(HandlerCall call) {
		InboundMessage message = call.inbound();
		return new DefaultConversation(this.sender, this, message.conversation(), message.deviceId(), message.id(),
				call);
	}

	/**
	 * Blocks until there is an answer.
	 * @param <T> the type of the answer
	 * @param wait asks and waits
	 * @return the answer
	 */
	<T> T block(Supplier<T> wait) {
		if (!this.waitingThreads.tryAcquire()) {
			throw new IllegalStateException(
					"Too many threads wait for a person: return what 'ask' returns, or use" + " virtual threads");
		}
		try {
			return wait.get();
		}
		finally {
			this.waitingThreads.release();
		}
	}

	/**
	 * Asks until there is a valid answer.
	 * @param <T> the type of the answer
	 * @param conversation where
	 * @param question what
	 * @param timeout how long to wait for each answer, or {@code null} for ever
	 * @return the answer
	 */
	<T> Mono<T> ask(DefaultConversation conversation, Question<T> question, @Nullable Duration timeout) {
		return Mono.defer(() -> {
			Widget<?> widget = question.widget();
			if (widget.responseMode() == ResponseMode.COLLECTIVE) {
				return Mono.error(new IllegalArgumentException(
						"A collective widget has many answers: send it, and take them in a handler"));
			}
			if (question instanceof Progress) {
				return Mono.error(new IllegalArgumentException("A progress has no answer: send or return it"));
			}
			HandlerCall call = conversation.currentCall();
			String id = widget.id();
			if (id == null) {
				id = (call != null) ? call.nextWidgetId() : UUID.randomUUID().toString();
			}
			return round(conversation, call, question, widget.id(id), id, 1, timeout);
		});
	}

	private <T> Mono<T> round(DefaultConversation conversation, @Nullable HandlerCall call, Question<T> question,
			Widget<?> widget, String id, int round, @Nullable Duration timeout) {
		String roundId = (round == 1) ? id : id + "-" + round;
		return answer(conversation, call, widget, roundId, timeout).flatMap((answer) -> {
			WidgetResponse response = Objects.requireNonNull(answer.widgetResponse());
			return response.cancelled() ? Mono.<T>error(new AnswerCancelledException(roundId))
					: Mono.justOrEmpty(question.read(answer));
		})
			.onErrorResume(InvalidAnswerException.class,
					(ex) -> (round < MAX_ROUNDS) ? round(conversation, call, question,
							widget.id(id + "-" + (round + 1)).body(String.join("\n", ex.messages())), id, round + 1,
							timeout) : Mono.error(ex));
	}

	private Mono<AgentMessage> answer(DefaultConversation conversation, @Nullable HandlerCall call, Widget<?> widget,
			String id, @Nullable Duration timeout) {
		return (call != null) ? answerInHandler(conversation, call, widget, id, timeout)
				: answerAlone(conversation, widget, id, timeout);
	}

	private Mono<AgentMessage> answerInHandler(DefaultConversation conversation, HandlerCall call, Widget<?> widget,
			String id, @Nullable Duration timeout) {
		return Mono.defer(() -> {
			Open question = call.ask(call.inbound().from(), id);
			CompletableFuture<Answer> placed = new CompletableFuture<>();
			call.await();
			question.answer().whenComplete((answer, failure) -> call.resume(() -> complete(placed, answer, failure)));
			return question.answer().isDone() ? mono(placed)
					: this.sender.blocking(() -> show(conversation, call, widget, id))
						.flatMap((sent) -> answer(question, placed, limit(question, id, sent, timeout)))
						.doFinally((signal) -> question.close());
		}).publishOn(this.handlers).map(Answer::message);
	}

	private static void complete(CompletableFuture<Answer> future, @Nullable Answer answer,
			@Nullable Throwable failure) {
		if (answer != null) {
			future.complete(answer);
		}
		else if (failure != null) {
			future.completeExceptionally(failure);
		}
	}

	private Mono<AgentMessage> answerAlone(DefaultConversation conversation, Widget<?> widget, String id,
			@Nullable Duration timeout) {
		if (conversation.isGroup()) {
			return Mono.error(new IllegalArgumentException(
					"Nobody in particular is asked in a group: ask in the handler of a message of the person"));
		}
		return Mono.defer(() -> {
			Open question = this.questions.open(conversation.key(), conversation.to(), id, (answer) -> true);
			this.dispatcher.letPass(conversation.key());
			question.answer().whenComplete((answer, failure) -> this.dispatcher.closeRanks(conversation.key()));
			return conversation.send(widget)
				.map((sent) -> new Sent(new Asked(this.clock.instant(), widget.expiresAt()), false))
				.flatMap((sent) -> answer(question, question.answer(), limit(question, id, sent, timeout)))
				.doFinally((signal) -> question.close());
		}).flatMap((answer) -> this.sender.blocking(() -> {
			this.sender.accept(answer.inbound(), List.of(), List.of());
			return answer.message();
		})).publishOn(this.handlers);
	}

	private static Mono<Answer> answer(Open question, CompletableFuture<Answer> answer, Disposable limit) {
		return mono(answer).doFinally((signal) -> {
			limit.dispose();
			question.close();
		});
	}

	/** Whoever has cancelled is not told, and the future stays as it is. */
	private static Mono<Answer> mono(CompletableFuture<Answer> future) {
		return Mono.create((sink) -> {
			AtomicBoolean cancelled = new AtomicBoolean();
			sink.onCancel(() -> cancelled.set(true));
			future.whenComplete((answer, failure) -> {
				if (answer != null) {
					sink.success(answer);
				}
				else if (!cancelled.get()) {
					Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
					sink.error((cause != null) ? cause : new CancellationException());
				}
			});
		});
	}

	/**
	 * Sends a widget of a handler, unless it was sent before.
	 */
	private Sent show(DefaultConversation conversation, HandlerCall call, Widget<?> widget, String id) {
		String messageId = call.inbound().id();
		Asked before = this.store.asked(messageId, id);
		if (before != null) {
			return new Sent(before, true);
		}
		Asked asked = new Asked(this.clock.instant(), widget.expiresAt());
		this.sender.ask(conversation, messageId, widget, id, asked);
		return new Sent(asked, false);
	}

	/**
	 * Whether what is sent gets to the relay soon.
	 * @return whether there is a connection that is not behind
	 */
	boolean keepsUp() {
		return this.sender.keepsUp();
	}

	/**
	 * Shows a progress, or how far it is when it was shown before.
	 */
	Mono<?> showProgress(HandlerCall call, Progress progress, String id) {
		DefaultConversation conversation = conversationOf(call);
		return this.sender.blocking(() -> this.store.asked(call.inbound().id(), id) != null).flatMap((shown) -> {
			if (!shown) {
				return this.sender.blocking(() -> show(conversation, call, progress, id));
			}
			WidgetUpdate update = WidgetUpdate.of(id).value(progress.value());
			return conversation.send((progress.body() != null) ? update.body(progress.body()) : update);
		});
	}

	private Disposable limit(Open question, String id, Sent sent, @Nullable Duration timeout) {
		Instant now = this.clock.instant();
		Instant expiresAt = sent.asked().expiresAt();
		Duration toExpiry = (expiresAt != null) ? Duration.between(now, expiresAt) : null;
		Duration toTimeout = (timeout != null) ? Duration.between(now, sent.asked().askedAt().plus(timeout)) : null;
		boolean expiresFirst = toExpiry != null && (toTimeout == null || toExpiry.compareTo(toTimeout) <= 0);
		Duration limit = expiresFirst ? toExpiry : toTimeout;
		if (limit == null) {
			return () -> {
			};
		}
		Duration soonest = sent.before() ? REPLAY : Duration.ZERO;
		return Schedulers.parallel()
			.schedule(
					() -> question.fail(expiresFirst ? new AnswerExpiredException(id) : new AnswerTimeoutException(id)),
					Math.max(limit.toMillis(), soonest.toMillis()), TimeUnit.MILLISECONDS);
	}

	/**
	 * A widget that the person sees.
	 *
	 * @param asked since when
	 * @param before whether an earlier run of the handler sent it
	 */
	private record Sent(Asked asked, boolean before) {
	}

}
