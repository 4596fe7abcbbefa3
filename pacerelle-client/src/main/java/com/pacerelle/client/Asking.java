package com.pacerelle.client;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.pacerelle.client.OpenQuestions.Answer;
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

	private final Scheduler handlers;

	private final Clock clock;

	/**
	 * Creates the asking.
	 * @param sender sends
	 * @param store where widgets are marked
	 * @param questions who waits for what
	 * @param handlers where handlers go on
	 * @param clock tells the time
	 */
	Asking(Sender sender, AgentStore store, OpenQuestions questions, Scheduler handlers, Clock clock) {
		this.sender = sender;
		this.store = store;
		this.questions = questions;
		this.handlers = handlers;
		this.clock = clock;
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
						"A collective widget has many answers: send it, and take" + " them in a handler"));
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
		Answer given = call.answer(id);
		if (given != null) {
			return Mono.just(given.message());
		}
		return waiting(conversation, call.inbound().from(), id, (answer) -> {
			answer.thenAccept((found) -> call.keep(id, found));
			call.await();
			answer.whenComplete((found, failure) -> call.resume());
			return this.sender.blocking(() -> show(conversation, call, widget, id))
				.map((asked) -> limit(answer, id, asked, timeout));
		}).map(Answer::message);
	}

	private Mono<AgentMessage> answerAlone(DefaultConversation conversation, Widget<?> widget, String id,
			@Nullable Duration timeout) {
		String person = conversation.isGroup() ? null : conversation.to();
		return waiting(conversation, person, id,
				(answer) -> conversation.send(widget)
					.map((sent) -> limit(answer, id, new Asked(this.clock.instant(), widget.expiresAt()), timeout)))
			.flatMap((answer) -> this.sender.blocking(() -> {
				this.sender.accept(answer.inbound(), List.of(), List.of());
				return answer.message();
			}))
			.publishOn(this.handlers);
	}

	/**
	 * Opens a question and waits for what comes of it; whoever cancels closes it.
	 */
	private Mono<Answer> waiting(DefaultConversation conversation, @Nullable String person, String id,
			Function<CompletableFuture<Answer>, Mono<Disposable>> ask) {
		return Mono.defer(() -> {
			CompletableFuture<Answer> answer = this.questions.open(conversation.key(), person, id);
			return ask.apply(answer)
				.flatMap((limit) -> Mono.fromFuture(answer).doFinally((signal) -> limit.dispose()))
				.publishOn(this.handlers)
				.doFinally((signal) -> answer.cancel(false));
		});
	}

	/**
	 * Sends a widget of a handler, unless it was sent before.
	 * @return since when it is asked
	 */
	Asked show(DefaultConversation conversation, HandlerCall call, Widget<?> widget, String id) {
		String messageId = call.inbound().id();
		Asked before = this.store.asked(messageId, id);
		if (before != null) {
			Instant soonest = this.clock.instant().plus(REPLAY);
			Instant expiresAt = before.expiresAt();
			return (expiresAt != null && expiresAt.isBefore(soonest)) ? new Asked(before.askedAt(), soonest) : before;
		}
		Asked asked = new Asked(this.clock.instant(), widget.expiresAt());
		this.sender.ask(conversation, messageId, widget, id, asked);
		return asked;
	}

	/**
	 * Waits for an answer of anybody in the conversation.
	 */
	CompletableFuture<Answer> open(HandlerCall call, String id) {
		return this.questions.open(call.inbound().conversation(), null, id);
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

	private Disposable limit(CompletableFuture<Answer> answer, String id, Asked asked, @Nullable Duration timeout) {
		Instant now = this.clock.instant();
		Duration toExpiry = (asked.expiresAt() != null) ? Duration.between(now, asked.expiresAt()) : null;
		Duration toTimeout = (timeout != null) ? Duration.between(now, asked.askedAt().plus(timeout)) : null;
		boolean expiresFirst = toExpiry != null && (toTimeout == null || toExpiry.compareTo(toTimeout) <= 0);
		Duration limit = expiresFirst ? toExpiry : toTimeout;
		if (limit == null) {
			return () -> {
			};
		}
		return Schedulers.parallel()
			.schedule(
					() -> answer.completeExceptionally(
							expiresFirst ? new AnswerExpiredException(id) : new AnswerTimeoutException(id)),
					Math.max(limit.toMillis(), 0), TimeUnit.MILLISECONDS);
	}

}
