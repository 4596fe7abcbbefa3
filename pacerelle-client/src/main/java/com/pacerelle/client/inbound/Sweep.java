package com.pacerelle.client.inbound;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import com.pacerelle.client.dispatch.Dispatcher;
import com.pacerelle.client.dispatch.Task;
import com.pacerelle.client.wire.ConversationKey;
import reactor.core.scheduler.Scheduler;

/**
 * Messages that cannot be ended yet, because a key is missing or the relay does not
 * answer: they step aside for the later ones of their conversation, and get another turn
 * after a pause, or when they are delivered again. What exceeds the room is delivered
 * again after a reconnect or a restart.
 */
public final class Sweep {

	private static final int MAX_MESSAGES = 1000;

	private static final Duration MAX_PAUSE = Duration.ofMinutes(10);

	/** In pauses between attempts. */
	private static final int FIRST_PAUSE = 25;

	private static final int MAX_DOUBLINGS = 20;

	private final Dispatcher dispatcher;

	private final Scheduler timer;

	private final Duration first;

	private final long maxBytes;

	private final Map<Task, Runnable> waiting = new ConcurrentHashMap<>();

	private final AtomicInteger messages = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * Creates a sweep.
	 * @param dispatcher gives turns
	 * @param timer wakes messages
	 * @param backoff the pause between attempts to handle a message
	 * @param maxBytes how large the messages may be together
	 */
	public Sweep(Dispatcher dispatcher, Scheduler timer, Duration backoff, long maxBytes) {
		this.dispatcher = dispatcher;
		this.timer = timer;
		this.first = backoff.multipliedBy(FIRST_PAUSE);
		this.maxBytes = maxBytes;
	}

	/**
	 * Takes a message.
	 * @param task its task
	 * @param conversation its conversation
	 * @param size its size in memory
	 * @param times how often it was taken, from 1
	 */
	void later(Task task, ConversationKey conversation, int size, int times) {
		int messages = this.messages.incrementAndGet();
		long bytes = this.bytes.addAndGet(size);
		if (messages > MAX_MESSAGES || bytes > this.maxBytes) {
			forget(size);
			task.drop();
			return;
		}
		Duration pause = this.first.multipliedBy(1L << Math.min(times - 1, MAX_DOUBLINGS));
		this.waiting.put(task, () -> {
			forget(size);
			this.dispatcher.dispatch(conversation, size, task);
		});
		this.timer.schedule(() -> wake(task), ((pause.compareTo(MAX_PAUSE) < 0) ? pause : MAX_PAUSE).toNanos(),
				TimeUnit.NANOSECONDS);
	}

	/**
	 * Gives a message its turn, if it waits here.
	 * @param task its task
	 */
	void wake(Task task) {
		Runnable turn = this.waiting.remove(task);
		if (turn != null) {
			turn.run();
		}
	}

	/**
	 * Has the messages of a conversation looked at again after the store has failed.
	 * @param conversation the conversation
	 */
	void lookAgain(ConversationKey conversation) {
		this.timer.schedule(() -> {
			this.dispatcher.allowLookAhead(conversation);
			this.dispatcher.endLookAhead(conversation);
		}, this.first.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void forget(int size) {
		this.messages.decrementAndGet();
		this.bytes.addAndGet(-size);
	}

}
