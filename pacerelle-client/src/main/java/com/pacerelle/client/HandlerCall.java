package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.pacerelle.client.OpenQuestions.Answer;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One call of a handler for a message: from the call to the end of what it returns,
 * without a thread in between, within the time limit. The time that a person takes to
 * answer does not count.
 */
final class HandlerCall {

	private final MessageTask.Steps steps;

	private final InboundMessage inbound;

	private final Map<String, Answer> answers;

	private final Turn turn;

	private final Consumer<Outcome> end;

	private final LiveProgress progress;

	private final AtomicInteger widgets = new AtomicInteger();

	private final Disposable.Swap subscription = Disposables.swap();

	private final Disposable.Swap timer = Disposables.swap();

	private final ReentrantLock lock = new ReentrantLock();

	private final Set<String> asked = new HashSet<>();

	private final Set<OpenQuestions.Open> open = new HashSet<>();

	private @Nullable Outcome outcome;

	private @Nullable Thread thread;

	private boolean returned;

	private boolean late;

	private long limit;

	private long runningSince;

	private int waiting;

	/**
	 * Creates a call.
	 * @param steps who takes the steps
	 * @param inbound the message
	 * @param answers those that were given already, by their widgets; more are added
	 * @param turn the turn of the message
	 * @param end told the outcome: on the thread of the call if it is known when the call
	 * returns, else on another one that may block
	 */
	HandlerCall(MessageTask.Steps steps, InboundMessage inbound, Map<String, Answer> answers, Turn turn,
			Consumer<Outcome> end) {
		this.steps = steps;
		this.inbound = inbound;
		this.answers = answers;
		this.turn = turn;
		this.end = end;
		this.limit = steps.settings().timeout().toNanos();
		this.progress = new LiveProgress(steps.asking(), this);
	}

	/**
	 * Calls the handler.
	 * @param message what it gets
	 */
	void start(AgentMessage message) {
		Conversation conversation = this.steps.asking().conversationOf(this);
		Mono<List<Content>> result = Flux
			.<Content>defer(() -> Flux.from(this.steps.handler().handle(message, conversation)))
			.onBackpressureBuffer()
			.concatMapDelayError(this.progress::show, false, 1)
			.takeUntilOther(this.progress.cancelled())
			.collectList()
			.delayUntil((replies) -> this.progress.flush());
		this.lock.lock();
		try {
			this.thread = Thread.currentThread();
			startTimer();
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.subscription.update(result.subscribe((replies) -> end(new Outcome(replies, null)),
					(failure) -> end(new Outcome(List.of(), failure))));
		}
		catch (Throwable ex) {
			// Reactor throws errors of the virtual machine, such as an endless recursion.
			end(new Outcome(List.of(), ex));
		}
		Outcome known;
		boolean ignored;
		this.lock.lock();
		try {
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
			this.end.accept(known);
		}
		else if (ignored) {
			cancel();
		}
	}

	private void end(Outcome outcome) {
		boolean returned;
		List<OpenQuestions.Open> unanswered;
		this.lock.lock();
		try {
			if (this.outcome != null) {
				return;
			}
			this.outcome = this.late ? new Outcome(List.of(),
					new TimeoutException("The handler took longer than 'handlerTimeout' allows")) : outcome;
			returned = this.returned;
			unanswered = List.copyOf(this.open);
		}
		finally {
			this.lock.unlock();
		}
		this.timer.dispose();
		unanswered.forEach(OpenQuestions.Open::close);
		if (returned) {
			Outcome ended = this.outcome;
			this.steps.executor().execute(() -> this.end.accept(ended));
		}
	}

	/**
	 * Ends the call soon, without a result.
	 */
	void cancel() {
		this.subscription.dispose();
		end(new Outcome(List.of(), new InterruptedException()));
	}

	private void startTimer() {
		this.runningSince = System.nanoTime();
		if (this.limit > 0 && this.outcome == null) {
			this.timer.update(Schedulers.parallel().schedule(this::timeOut, this.limit, TimeUnit.NANOSECONDS));
		}
	}

	private void timeOut() {
		this.lock.lock();
		try {
			if (this.waiting > 0 || this.outcome != null) {
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
	 * Whether the handler has ended: what its conversation asks now is asked by nobody's
	 * handler.
	 */
	boolean isOver() {
		this.lock.lock();
		try {
			return this.outcome != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for a person from now on.
	 */
	void await() {
		this.lock.lock();
		try {
			if (this.waiting++ == 0) {
				this.limit -= (this.limit > 0) ? Math.min(System.nanoTime() - this.runningSince, this.limit - 1) : 0;
				this.timer.update(Disposables.disposed());
			}
		}
		finally {
			this.lock.unlock();
		}
		this.turn.letPass();
		this.turn.await();
	}

	/**
	 * Waits no more.
	 * @param next what to do as soon as there is a place for it
	 */
	void resume(Runnable next) {
		this.turn.closeRanks();
		this.turn.resume(() -> {
			this.lock.lock();
			try {
				if (--this.waiting == 0) {
					startTimer();
				}
			}
			finally {
				this.lock.unlock();
			}
			next.run();
		});
	}

	InboundMessage inbound() {
		return this.inbound;
	}

	Turn turn() {
		return this.turn;
	}

	/**
	 * An id for the next widget that has none: the same one when the handler runs again.
	 * @return the id
	 */
	String nextWidgetId() {
		String name = this.inbound.id() + ":" + this.widgets.incrementAndGet();
		return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
	}

	/**
	 * Opens a question whose answer is accepted together with the message. The call
	 * closes it when it ends.
	 * @param person the only one whose answer counts, or {@code null} for anybody's
	 * @param widgetId the widget
	 * @return the question, which has its answer already if one was given before
	 * @throws IllegalStateException if the handler asked with this widget before
	 */
	OpenQuestions.Open ask(@Nullable String person, String widgetId) {
		OpenQuestions.Open question;
		Answer given;
		this.lock.lock();
		try {
			if (!this.asked.add(widgetId)) {
				throw new IllegalStateException("Widget '" + widgetId
						+ "' was asked by this handler already: give the second one another id, or none");
			}
			question = this.steps.questions()
				.open(this.inbound.conversation(), person, widgetId, (answer) -> keep(widgetId, answer));
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
			if (this.outcome != null) {
				return false;
			}
			this.answers.put(widgetId, answer);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forget(OpenQuestions.Open question) {
		this.lock.lock();
		try {
			this.open.remove(question);
		}
		finally {
			this.lock.unlock();
		}
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
