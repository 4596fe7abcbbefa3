package com.pacerelle.client.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import com.pacerelle.client.wire.ConversationKey;
import reactor.core.scheduler.Scheduler;

/**
 * Runs the tasks of one conversation one after the other, in the order of their arrival,
 * and those of different conversations concurrently, up to a number. A task whose turn it
 * is may wait for a person: then it releases its place to another conversation, and later
 * tasks of its own may {@link Task#lookAhead() look ahead}. What waits in memory is
 * bounded by number and by size: the caller stops when there is no room. What waits for a
 * person is bounded apart, so that open questions never keep answers out.
 * <p>
 * All state, that of the lanes, the places and the room as well, changes in steps under
 * one lock. What follows from a step runs after it, without the lock.
 */
public final class Dispatcher {

	private final Executor lookAheadExecutor;

	private final Scheduler timer;

	private final Places places;

	private final Room room;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Map<ConversationKey, Lane> lanes = new HashMap<>();

	private final Executor change = this::change;

	/** Those that had to leave tasks at the relay. */
	private final Set<Lane> leaving = new LinkedHashSet<>();

	private final Lane.Listener laneListener = new Lane.Listener() {

		@Override
		public void emptied(ConversationKey conversation, Lane lane) {
			Dispatcher.this.lanes.remove(conversation, lane);
		}

		@Override
		public void left(Lane lane) {
			Dispatcher.this.leaving.add(lane);
		}

	};

	private Runnable roomListener = () -> {
	};

	private Runnable deliverAgain = () -> {
	};

	private boolean deliveryAwaited;

	/** What follows from the current step. */
	private List<Runnable> followUps = new ArrayList<>(2);

	/**
	 * Creates a dispatcher.
	 * @param executor runs the tasks, each at once
	 * @param lookAheadExecutor looks at tasks ahead of their turn
	 * @param timer wakes tasks that pause
	 * @param concurrency how many conversations run at once, those that wait for a person
	 * not counted
	 * @param capacity how many whole tasks there is room for
	 * @param byteCapacity how many bytes there is room for
	 */
	public Dispatcher(Executor executor, Executor lookAheadExecutor, Scheduler timer, int concurrency, int capacity,
			long byteCapacity) {
		this.lookAheadExecutor = afterStep(lookAheadExecutor);
		this.timer = timer;
		this.places = new Places(concurrency, afterStep(executor));
		this.room = new Room(capacity, byteCapacity);
	}

	private Executor afterStep(Executor executor) {
		return (work) -> this.followUps.add(() -> executor.execute(work));
	}

	/**
	 * Registers the listener that waits for room.
	 * @param listener called once when there is room again after {@link #hasRoom()} found
	 * none
	 */
	public void onRoom(Runnable listener) {
		change(() -> this.roomListener = listener);
	}

	/**
	 * Registers who has the relay deliver again what was left there.
	 * @param deliverAgain called once, when there is room for it, before
	 * {@link #deliveredAgain()}
	 */
	public void onLeft(Runnable deliverAgain) {
		change(() -> this.deliverAgain = deliverAgain);
	}

	/**
	 * Takes a task unless its conversation has too many. The caller asks before it reads
	 * whether there is room for any: a task too many is taken.
	 * @param conversation the conversation
	 * @param size how much memory the task needs, in bytes
	 * @param task the task; told by {@link Task#drop()} when it gets no turn
	 */
	public void dispatch(ConversationKey conversation, int size, Task task) {
		change(() -> {
			if (!this.places.isClosed() && !lane(conversation).add(task, size)) {
				task.drop();
			}
		});
	}

	/**
	 * From now on the relay delivers again what was not accepted.
	 */
	public void deliveredAgain() {
		change(() -> {
			this.deliveryAwaited = false;
			List<Lane> again = List.copyOf(this.leaving);
			this.leaving.clear();
			again.forEach(Lane::deliveredAgain);
		});
	}

	/**
	 * Allows the tasks of a conversation to be looked at, whether one has its turn or
	 * not, and whether there is a place or not.
	 * @param conversation the conversation
	 */
	public void allowLookAhead(ConversationKey conversation) {
		change(() -> lane(conversation).allowLookAhead());
	}

	/**
	 * Takes back one call of {@link #allowLookAhead}.
	 * @param conversation the conversation
	 */
	public void endLookAhead(ConversationKey conversation) {
		change(() -> {
			Lane lane = this.lanes.get(conversation);
			if (lane != null) {
				lane.endLookAhead();
			}
		});
	}

	private Lane lane(ConversationKey conversation) {
		Lane lane = this.lanes.get(conversation);
		if (lane == null) {
			lane = new Lane(conversation, this.places, this.room, this.change, this.lookAheadExecutor, this.timer,
					this.laneListener);
			this.lanes.put(conversation, lane);
		}
		return lane;
	}

	/**
	 * Whether there is room. If not, tasks that wait are reduced to ids, and
	 * {@link #onRoom the listener} is called once when there is some again.
	 * @return whether there is room
	 */
	public boolean hasRoom() {
		this.lock.lock();
		try {
			if (this.room.isFree()) {
				return true;
			}
		}
		finally {
			this.lock.unlock();
		}
		change(() -> this.lanes.values().forEach(Lane::look));
		return false;
	}

	/**
	 * Drops the tasks that have not begun, and cancels those that wait for a person.
	 */
	public void close() {
		cancel(true);
	}

	/**
	 * As {@link #close()}; then waits for the other tasks, and interrupts and cancels
	 * those that need too long.
	 * @param grace how long to wait
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	public void stop(Duration grace) throws InterruptedException {
		close();
		if (!awaitIdle(grace)) {
			// First, so that the interrupt counts as the end and not as a failure.
			cancel(false);
			change(this.places::interrupt);
			awaitIdle(Duration.ofSeconds(1));
		}
	}

	private void cancel(boolean onlyWaiting) {
		List<Task> cancelled = new ArrayList<>();
		change(() -> {
			this.places.close();
			this.lanes.values()
				.stream()
				.flatMap((lane) -> Stream.ofNullable(lane.stop(onlyWaiting)))
				.forEach(cancelled::add);
		});
		cancelled.forEach(Task::cancel);
	}

	private boolean awaitIdle(Duration limit) throws InterruptedException {
		this.lock.lock();
		try {
			long nanos = limit.toNanos();
			while (!this.places.isIdle() && nanos > 0) {
				nanos = this.changed.awaitNanos(nanos);
			}
			return this.places.isIdle();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes a step, then starts what can be started.
	 */
	private void change(Runnable step) {
		List<Runnable> due = List.of();
		this.lock.lock();
		try {
			step.run();
			this.places.fill();
			if (this.room.isFreeAgain()) {
				this.followUps.add(this.roomListener);
			}
			if (!this.deliveryAwaited && this.leaving.stream().anyMatch(Lane::isDrained)) {
				this.deliveryAwaited = true;
				this.followUps.add(this.deliverAgain);
			}
			if (this.places.isClosed()) {
				this.changed.signalAll();
			}
			if (!this.followUps.isEmpty()) {
				due = this.followUps;
				this.followUps = new ArrayList<>(2);
			}
		}
		finally {
			this.lock.unlock();
		}
		due.forEach(Runnable::run);
	}

}
