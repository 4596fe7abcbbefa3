package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
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

	private final Dispatcher.Turn turn;

	private final Consumer<Outcome> end;

	private final LiveProgress progress;

	private final AtomicInteger widgets = new AtomicInteger();

	private final Disposable.Swap subscription = Disposables.swap();

	private final Disposable.Swap timer = Disposables.swap();

	private final ReentrantLock lock = new ReentrantLock();

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
	HandlerCall(MessageTask.Steps steps, InboundMessage inbound, Map<String, Answer> answers, Dispatcher.Turn turn,
			Consumer<Outcome> end) {
		this.steps = steps;
		this.inbound = inbound;
		this.answers = answers;
		this.turn = turn;
		this.end = end;
		this.limit = steps.settings().handlerTimeout().toNanos();
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
			.concatMap(this.progress::show, 1)
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
		this.lock.lock();
		try {
			this.thread = null;
			this.returned = true;
			known = this.outcome;
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
	}

	private void end(Outcome outcome) {
		boolean returned;
		this.lock.lock();
		try {
			if (this.outcome != null) {
				return;
			}
			this.outcome = this.late ? new Outcome(List.of(), new TimeoutException()) : outcome;
			returned = this.returned;
		}
		finally {
			this.lock.unlock();
		}
		this.timer.dispose();
		this.progress.close();
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
	 */
	void resume() {
		this.turn.resume();
		this.turn.closeRanks();
		this.lock.lock();
		try {
			if (--this.waiting == 0) {
				startTimer();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	InboundMessage inbound() {
		return this.inbound;
	}

	Dispatcher.Turn turn() {
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
	 * The answer that was given to a widget before.
	 * @param widgetId the widget
	 * @return the answer, or {@code null}
	 */
	@Nullable Answer answer(String widgetId) {
		synchronized (this.answers) {
			return this.answers.get(widgetId);
		}
	}

	/**
	 * Keeps an answer, to be accepted together with the message.
	 * @param widgetId the widget
	 * @param answer the answer
	 */
	void keep(String widgetId, Answer answer) {
		synchronized (this.answers) {
			this.answers.put(widgetId, answer);
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
