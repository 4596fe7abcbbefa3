package com.pacerelle.client.conversation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import com.pacerelle.client.AnswerCancelledException;
import com.pacerelle.client.TimeSource;
import com.pacerelle.client.conversation.OpenQuestions.Answer;
import com.pacerelle.client.conversation.OpenQuestions.Open;
import com.pacerelle.client.dispatch.Dispatcher;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.CustomWidget;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.observation.PacerelleObservation;
import com.pacerelle.client.outbound.Destination;
import com.pacerelle.client.outbound.Sender;
import com.pacerelle.client.wire.ConversationKey;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Sends widgets and waits for their answers. A widget is stored in the transaction that
 * sends it: when the handler that asked with it runs again after a crash, it waits for
 * the same widget and does not send it again.
 */
public final class Asking {

	private static final Logger logger = LoggerFactory.getLogger(Asking.class);

	/** How often a question is asked at most. */
	private static final int MAX_ROUNDS = 10;

	private final Sender sender;

	private final OpenQuestions questions;

	private final Dispatcher dispatcher;

	private final Scheduler sending;

	private final Scheduler handlers;

	private final TimeSource time;

	private final Observations observations;

	/**
	 * Creates the asking.
	 * @param sender sends
	 * @param questions where answers are waited for
	 * @param dispatcher looks ahead for answers
	 * @param sending where sending may block
	 * @param handlers where handlers continue
	 * @param time ends questions
	 * @param observations observe questions
	 */
	public Asking(Sender sender, OpenQuestions questions, Dispatcher dispatcher, Scheduler sending, Scheduler handlers,
			TimeSource time, Observations observations) {
		this.sender = sender;
		this.questions = questions;
		this.dispatcher = dispatcher;
		this.sending = sending;
		this.handlers = handlers;
		this.time = time;
		this.observations = observations;
	}

	/**
	 * Asks until there is a valid answer.
	 * @param <T> the type of the answer
	 * @param destination where
	 * @param call the call of the handler that asks, or {@code null}; ignored once it is
	 * over
	 * @param question what
	 * @param timeout how long to wait for each answer, or {@code null} for ever
	 * @return the answer
	 */
	<T> Mono<T> ask(Destination destination, @Nullable CallContext call, Question<T> question,
			@Nullable Duration timeout) {
		return Mono.defer(() -> {
			Widget<?> widget = question.widget();
			if (widget.responseMode() == ResponseMode.COLLECTIVE) {
				return Mono.error(new IllegalArgumentException(
						"A collective widget has many answers: send it, and take them in a handler"));
			}
			if (question instanceof Progress) {
				return Mono.error(new IllegalArgumentException("A progress has no answer: send or return it"));
			}
			CallContext current = (call != null && !call.isOver()) ? call : null;
			String id = widget.id();
			if (id == null) {
				id = (current != null) ? current.nextWidgetId() : UUID.randomUUID().toString();
			}
			Mono<T> answer = round(question, widget.id(id), id, 1,
					(asked, askedId) -> (current != null)
							? answerInHandler(destination, current, asked, askedId, timeout)
							: answerAlone(destination, asked, askedId, timeout));
			return this.observations.observe(() -> observation(destination, widget), answer);
		});
	}

	private Observation observation(Destination destination, Widget<?> widget) {
		return Observations.kind(this.observations.create(PacerelleObservation.ASK,
				destination.conversation().conversationId(), destination.replyTo()),
				(widget instanceof CustomWidget) ? "custom" : widget.kind());
	}

	private <T> Mono<T> round(Question<T> question, Widget<?> widget, String id, int round,
			BiFunction<Widget<?>, String, Mono<AgentMessage>> asked) {
		String roundId = (round == 1) ? id : id + "-" + round;
		return asked.apply(widget, roundId).flatMap((answer) -> {
			WidgetResponse response = Objects.requireNonNull(answer.widgetResponse());
			if (response.cancelled()) {
				return Mono.error(new AnswerCancelledException(roundId));
			}
			try {
				return Mono.justOrEmpty(question.read(answer));
			}
			catch (InvalidAnswerException ex) {
				return (round < MAX_ROUNDS) ? again(question.askAgain(answer, ex), ex, id, round + 1, asked)
						: Mono.error(ex);
			}
		});
	}

	private <T> Mono<T> again(Question<T> question, InvalidAnswerException failure, String id, int round,
			BiFunction<Widget<?>, String, Mono<AgentMessage>> asked) {
		logger.debug("{}: it is asked again", failure.getMessage());
		Widget<?> widget = question.widget().id(id + "-" + round).body(String.join("\n", failure.messages()));
		return round(question, widget, id, round, asked);
	}

	private Mono<AgentMessage> answerInHandler(Destination destination, CallContext call, Widget<?> widget, String id,
			@Nullable Duration timeout) {
		return Mono.defer(() -> {
			Open question = call.ask(call.message().from(), id);
			if (question.answer().isDone()) {
				return mono(await(call, question));
			}
			// Nobody may pass before the widget is stored: its answer would be refused.
			return show(destination, call, widget, id)
				.flatMap((sent) -> answer(question, await(call, question), limit(question, id, sent, timeout)))
				.doFinally((signal) -> question.close());
		}).publishOn(this.handlers).map(Answer::message);
	}

	private static CompletableFuture<Answer> await(CallContext call, Open question) {
		CompletableFuture<Answer> placed = new CompletableFuture<>();
		call.await();
		question.answer().whenComplete((answer, failure) -> call.resume(() -> complete(placed, answer, failure)));
		return placed;
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

	private Mono<AgentMessage> answerAlone(Destination destination, Widget<?> widget, String id,
			@Nullable Duration timeout) {
		ConversationKey conversation = destination.conversation();
		if (conversation.isGroup()) {
			return Mono.error(new IllegalArgumentException(
					"There is no one person to ask in a group: ask in the handler of a message of the person"));
		}
		return Mono.defer(() -> {
			Open question = this.questions.open(conversation, conversation.to(), id, (answer) -> true);
			return blocking(() -> this.sender.send(destination, widget))
				.map((sent) -> new Sender.Sent(this.time.clock().instant(), widget.expiresAt(), false))
				.flatMap((sent) -> {
					this.dispatcher.allowLookAhead(conversation);
					question.answer().whenComplete((answer, failure) -> this.dispatcher.endLookAhead(conversation));
					return answer(question, question.answer(), limit(question, id, sent, timeout));
				})
				.doFinally((signal) -> question.close());
		}).flatMap((answer) -> blocking(() -> {
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

	/** A cancelled subscriber gets no error, and the future is not cancelled. */
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
	 * Shows a widget of a handler, unless it was shown before.
	 * @param destination where
	 * @param call the call of the handler
	 * @param widget the widget
	 * @param id its id
	 * @return since when the person sees it
	 */
	Mono<Sender.Sent> show(Destination destination, CallContext call, Widget<?> widget, String id) {
		return blocking(() -> this.sender.askOnce(destination, call.message().id(), widget, id));
	}

	private <T> Mono<T> blocking(Callable<T> work) {
		return this.observations.call(work, this.sending);
	}

	private Disposable limit(Open question, String id, Sender.Sent sent, @Nullable Duration timeout) {
		AnswerDeadline deadline = AnswerDeadline.of(sent, timeout);
		if (deadline == null) {
			return Disposables.disposed();
		}
		return this.time.timers()
			.schedule(() -> question.fail(deadline.failure(id)),
					deadline.remaining(this.time.clock().instant()).toMillis(), TimeUnit.MILLISECONDS);
	}

}
