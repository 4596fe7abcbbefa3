package com.pacerelle.client.conversation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import com.pacerelle.client.conversation.OpenQuestions.Answer;
import com.pacerelle.client.conversation.OpenQuestions.Open;
import com.pacerelle.client.dispatch.Turn;
import com.pacerelle.client.wire.InboundMessage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What belongs to one call of a handler: the message and its turn, the questions that the
 * handler has asked, the ids of its widgets, its time limit, and whether it is over. The
 * limit is paused while an answer is awaited.
 */
public final class CallContext {

	private final InboundMessage message;

	private final Map<String, Answer> answers;

	private final Turn turn;

	private final OpenQuestions questions;

	private final TimeLimit limit;

	private final AtomicInteger widgets = new AtomicInteger();

	private final AtomicInteger unsubscribed = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Set<String> asked = new HashSet<>();

	private final Set<Open> open = new HashSet<>();

	private boolean over;

	/**
	 * Creates the context of a call.
	 * @param message the message
	 * @param answers those that earlier calls for the message got, by their widgets; more
	 * are added
	 * @param turn the turn of the message
	 * @param questions where answers are waited for
	 * @param limit how long the call may take, zero for ever
	 */
	public CallContext(InboundMessage message, Map<String, Answer> answers, Turn turn, OpenQuestions questions,
			Duration limit) {
		this.message = message;
		this.answers = answers;
		this.turn = turn;
		this.questions = questions;
		this.limit = new TimeLimit(limit);
	}

	InboundMessage message() {
		return this.message;
	}

	/**
	 * The message that is handled.
	 * @return its id
	 */
	public String messageId() {
		return this.message.id();
	}

	Turn turn() {
		return this.turn;
	}

	/**
	 * Starts the time limit.
	 * @param onTimeout called when the call takes longer
	 */
	public void start(Runnable onTimeout) {
		this.limit.start(onTimeout);
	}

	/**
	 * Ends the call: an answer that comes later is a message of its own.
	 * @return whether it was not over before
	 */
	public boolean end() {
		List<Open> unanswered;
		this.lock.lock();
		try {
			if (this.over) {
				return false;
			}
			this.over = true;
			unanswered = List.copyOf(this.open);
		}
		finally {
			this.lock.unlock();
		}
		this.limit.stop();
		unanswered.forEach(Open::close);
		return true;
	}

	/**
	 * Whether the call is over: a question that is asked now belongs to no handler.
	 * @return whether it is over
	 */
	public boolean isOver() {
		this.lock.lock();
		try {
			return this.over;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * An id for the next widget that has none: the same one when the handler runs again.
	 * @return the id
	 */
	String nextWidgetId() {
		String name = this.message.id() + ":" + this.widgets.incrementAndGet();
		return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
	}

	/**
	 * Counts what the handler has made to be sent until somebody subscribes to it.
	 * @param <T> the type of the result
	 * @param sending sends when it is subscribed to
	 * @return the same, counted
	 */
	<T> Mono<T> counted(Mono<T> sending) {
		AtomicBoolean subscribed = new AtomicBoolean();
		this.unsubscribed.incrementAndGet();
		return Mono.defer(() -> {
			if (subscribed.compareAndSet(false, true)) {
				this.unsubscribed.decrementAndGet();
			}
			return sending;
		});
	}

	/**
	 * How many messages and questions the handler has made that nobody has subscribed to:
	 * they are not sent.
	 * @return the number
	 */
	public int unsubscribed() {
		return this.unsubscribed.get();
	}

	/**
	 * Opens a question whose answer is accepted together with the message. It is closed
	 * when the call ends.
	 * @param person the only person who may answer, or {@code null} for anybody
	 * @param widgetId the widget
	 * @return the question, which has its answer already if one was given before
	 * @throws IllegalStateException if the handler asked with this widget before
	 */
	Open ask(@Nullable String person, String widgetId) {
		Open question;
		Answer given;
		this.lock.lock();
		try {
			if (!this.asked.add(widgetId)) {
				throw new IllegalStateException("Widget '" + widgetId
						+ "' was asked by this handler already: give the second one another id, or none");
			}
			question = this.questions.open(this.message.conversation(), person, widgetId,
					(answer) -> keep(widgetId, answer));
			this.open.add(question);
			given = this.answers.get(widgetId);
		}
		finally {
			this.lock.unlock();
		}
		question.answer().whenComplete((answer, failure) -> forget(question));
		if (given != null) {
			question.give(given);
		}
		else if (isOver()) {
			question.close();
		}
		return question;
	}

	private boolean keep(String widgetId, Answer answer) {
		this.lock.lock();
		try {
			if (this.over) {
				return false;
			}
			this.answers.put(widgetId, answer);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forget(Open question) {
		this.lock.lock();
		try {
			this.open.remove(question);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Starts to wait for a person: the time limit is paused, the turn releases its place,
	 * and later messages are looked at.
	 */
	void await() {
		this.limit.pause();
		this.turn.allowLookAhead();
		this.turn.await();
	}

	/**
	 * Stops waiting.
	 * @param next what to do as soon as there is a place for it
	 */
	void resume(Runnable next) {
		this.turn.endLookAhead();
		this.turn.resume(() -> {
			this.limit.resume();
			next.run();
		});
	}

}
