package com.pacerelle.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Runs the tasks of one conversation one after the other, in the order of their arrival,
 * and those of different conversations concurrently. What waits in memory is bounded by
 * number and by size: whoever brings tasks stops when there is no room.
 */
final class Dispatcher {

	private final Executor executor;

	private final Scheduler timer;

	private final int capacity;

	private final long byteCapacity;

	private volatile Runnable roomListener = () -> {
	};

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition finished = this.lock.newCondition();

	private final Map<ConversationKey, Lane> lanes = new HashMap<>();

	private final Set<Thread> running = new HashSet<>();

	private int count;

	private long bytes;

	private boolean full;

	private boolean stopped;

	/**
	 * Creates a dispatcher.
	 * @param executor runs the tasks; its threads bound how many conversations run at
	 * once
	 * @param timer wakes tasks that pause
	 * @param capacity how many tasks there is room for
	 * @param byteCapacity how many bytes there is room for
	 */
	Dispatcher(Executor executor, Scheduler timer, int capacity, long byteCapacity) {
		this.executor = executor;
		this.timer = timer;
		this.capacity = capacity;
		this.byteCapacity = byteCapacity;
	}

	/**
	 * Tells who waits for room.
	 * @param listener called once when there is room again after {@link #hasRoom()} found
	 * none
	 */
	void onRoom(Runnable listener) {
		this.roomListener = listener;
	}

	/**
	 * Takes a task, also when there is no room: the caller asks before it reads.
	 * @param conversation the conversation
	 * @param size how much memory the task needs, in bytes
	 * @param task the task
	 */
	void dispatch(ConversationKey conversation, int size, Task task) {
		Lane idle = null;
		this.lock.lock();
		try {
			if (this.stopped) {
				return;
			}
			this.count++;
			this.bytes += size;
			Lane lane = this.lanes.get(conversation);
			if (lane == null) {
				lane = new Lane(conversation);
				this.lanes.put(conversation, lane);
				idle = lane;
			}
			lane.queue.add(new Entry(task, size));
		}
		finally {
			this.lock.unlock();
		}
		if (idle != null) {
			this.executor.execute(idle);
		}
	}

	/**
	 * Whether there is room. If not, {@link #onRoom the listener} is called once when
	 * there is some again.
	 * @return whether there is room
	 */
	boolean hasRoom() {
		this.lock.lock();
		try {
			this.full = this.count >= this.capacity || this.bytes >= this.byteCapacity;
			return !this.full;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forgets the tasks that have not begun and waits for the others; interrupts those
	 * that need too long.
	 * @param grace how long to wait
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	void stop(Duration grace) throws InterruptedException {
		this.lock.lock();
		try {
			this.stopped = true;
			this.lanes.values().forEach((lane) -> lane.queue.clear());
			if (!awaitFinished(grace)) {
				this.running.forEach(Thread::interrupt);
				awaitFinished(Duration.ofSeconds(1));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean awaitFinished(Duration limit) throws InterruptedException {
		long nanos = limit.toNanos();
		while (!this.running.isEmpty() && nanos > 0) {
			nanos = this.finished.awaitNanos(nanos);
		}
		return this.running.isEmpty();
	}

	private @Nullable Entry begin(Lane lane) {
		this.lock.lock();
		try {
			Entry head = lane.queue.peek();
			if (head != null) {
				this.running.add(Thread.currentThread());
			}
			return head;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end(Lane lane, Entry entry, @Nullable Duration pause) {
		boolean room = false;
		boolean more;
		this.lock.lock();
		try {
			this.running.remove(Thread.currentThread());
			// An interrupt that came too late is not for the next task.
			Thread.interrupted();
			this.finished.signalAll();
			if (pause == null || this.stopped) {
				lane.queue.poll();
				this.count--;
				this.bytes -= entry.size();
				// Some room at once, so that reading does not stop and go with each task.
				room = this.full && this.count < this.capacity - this.capacity / 4
						&& this.bytes < this.byteCapacity - this.byteCapacity / 4;
				this.full = this.full && !room;
			}
			more = !lane.queue.isEmpty();
			if (!more) {
				this.lanes.remove(lane.conversation);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (room) {
			this.roomListener.run();
		}
		if (more && pause != null) {
			this.timer.schedule(() -> this.executor.execute(lane), pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		else if (more) {
			this.executor.execute(lane);
		}
	}

	/**
	 * A task of a conversation.
	 */
	@FunctionalInterface
	interface Task {

		/**
		 * Runs the task; may block.
		 * @return how long to pause before the task runs again, ahead of later ones, or
		 * {@code null} when it is done
		 */
		@Nullable Duration run();

	}

	private record Entry(Task task, int size) {
	}

	/**
	 * The tasks of a conversation, the first of which runs or pauses.
	 */
	private final class Lane implements Runnable {

		private final ConversationKey conversation;

		private final Queue<Entry> queue = new ArrayDeque<>(4);

		Lane(ConversationKey conversation) {
			this.conversation = conversation;
		}

		@Override
		public void run() {
			Entry entry = begin(this);
			if (entry == null) {
				return;
			}
			Duration pause = null;
			try {
				pause = entry.task().run();
			}
			finally {
				end(this, entry, pause);
			}
		}

	}

}
