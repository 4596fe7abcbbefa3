package com.pacerelle.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Runs the tasks of one conversation one after the other, in the order of their arrival,
 * and those of different conversations concurrently, up to a number. A task whose turn it
 * is may wait for a person: then it gives its place to another conversation, and later
 * tasks of its own may {@link Task#pass() pass}. What waits in memory is bounded by
 * number and by size: whoever brings tasks stops when there is no room.
 */
final class Dispatcher {

	private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

	/**
	 * How many messages of one conversation wait behind an open question. They do not
	 * take the room of others, as a person may take days to answer.
	 */
	static final int MAX_BEHIND_QUESTION = 100;

	private final Executor executor;

	private final Scheduler timer;

	private final int concurrency;

	private final int capacity;

	private final long byteCapacity;

	private volatile Runnable roomListener = () -> {
	};

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition finished = this.lock.newCondition();

	private final Map<ConversationKey, Lane> lanes = new HashMap<>();

	/** Lanes whose turn has come, but for whom there is no place yet. */
	private final Queue<Lane> ready = new ArrayDeque<>();

	/** Lanes whose later tasks are to be looked at. */
	private final List<Lane> passing = new ArrayList<>();

	private final Set<Thread> running = new HashSet<>();

	/** How many lanes run and do not wait for a person. */
	private int active;

	private int count;

	private long bytes;

	private boolean full;

	private boolean stopped;

	/**
	 * Creates a dispatcher.
	 * @param executor runs the tasks, each at once
	 * @param timer wakes tasks that pause
	 * @param concurrency how many conversations run at once, those that wait for a person
	 * not counted
	 * @param capacity how many tasks there is room for
	 * @param byteCapacity how many bytes there is room for
	 */
	Dispatcher(Executor executor, Scheduler timer, int concurrency, int capacity, long byteCapacity) {
		this.executor = executor;
		this.timer = timer;
		this.concurrency = concurrency;
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
		locked(() -> {
			if (this.stopped) {
				return;
			}
			Lane lane = this.lanes.get(conversation);
			if (lane == null) {
				lane = new Lane(conversation);
				this.lanes.put(conversation, lane);
				this.ready.add(lane);
			}
			lane.add(new Entry(task, size));
		});
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
	 * Forgets the tasks that have not begun, cancels those that wait for a person, waits
	 * for the others, and interrupts and cancels those that need too long.
	 * @param grace how long to wait
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	void stop(Duration grace) throws InterruptedException {
		cancel(true);
		this.lock.lock();
		try {
			if (awaitFinished(grace)) {
				return;
			}
			this.running.forEach(Thread::interrupt);
		}
		finally {
			this.lock.unlock();
		}
		cancel(false);
		this.lock.lock();
		try {
			awaitFinished(Duration.ofSeconds(1));
		}
		finally {
			this.lock.unlock();
		}
	}

	private void cancel(boolean onlyWaiting) {
		List<Task> cancelled = new ArrayList<>();
		locked(() -> {
			this.stopped = true;
			this.ready.clear();
			for (Lane lane : this.lanes.values()) {
				Turn turn = lane.turn;
				if (turn != null && (turn.waiting > 0 || !onlyWaiting)) {
					cancelled.add(turn.entry.task);
				}
			}
		});
		cancelled.forEach(Task::cancel);
	}

	private boolean awaitFinished(Duration limit) throws InterruptedException {
		long nanos = limit.toNanos();
		while (this.active > 0 && nanos > 0) {
			nanos = this.finished.awaitNanos(nanos);
		}
		return this.active == 0;
	}

	/**
	 * Changes the state, then starts what can be started.
	 */
	private void locked(Runnable change) {
		List<Runnable> starts = new ArrayList<>(2);
		boolean room = false;
		this.lock.lock();
		try {
			change.run();
			while (this.active < this.concurrency && !this.ready.isEmpty() && !this.stopped) {
				this.active++;
				starts.add(this.ready.remove());
			}
			for (Lane lane : this.passing) {
				starts.add(lane::pass);
			}
			this.passing.clear();
			// Some room at once, so that reading does not stop and go with each task.
			if (this.full && this.count < this.capacity - this.capacity / 4
					&& this.bytes < this.byteCapacity - this.byteCapacity / 4) {
				this.full = false;
				room = true;
			}
			this.finished.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		starts.forEach(this.executor::execute);
		if (room) {
			this.roomListener.run();
		}
	}

	/**
	 * A task of a conversation.
	 */
	interface Task {

		/**
		 * Takes its turn; may block.
		 * @param turn told, once and on any thread, when the turn is over
		 */
		void run(Turn turn);

		/**
		 * Looks whether there is something to do ahead of its turn, while an earlier task
		 * of its conversation lets others pass; may block.
		 * @return whether nothing is left to do
		 */
		default boolean pass() {
			return false;
		}

		/**
		 * Ends its turn soon, without a result: the dispatcher stops.
		 */
		default void cancel() {
		}

	}

	private static final class Entry {

		private final Task task;

		private final int size;

		private boolean looked;

		Entry(Task task, int size) {
			this.task = task;
			this.size = size;
		}

	}

	/**
	 * The turn of a task.
	 */
	final class Turn {

		private final Lane lane;

		private final Entry entry;

		private int waiting;

		private int letPass;

		private boolean over;

		private Turn(Lane lane, Entry entry) {
			this.lane = lane;
			this.entry = entry;
		}

		/** The task is done. */
		void done() {
			locked(() -> end(null));
		}

		/**
		 * The task runs again, ahead of later ones.
		 * @param pause after how long
		 */
		void pause(Duration pause) {
			locked(() -> end(Dispatcher.this.stopped ? null : pause));
		}

		private void end(@Nullable Duration pause) {
			if (this.over) {
				return;
			}
			this.over = true;
			if (this.waiting == 0) {
				Dispatcher.this.active--;
			}
			this.lane.ended(pause);
		}

		/**
		 * Lets later tasks of the conversation pass from now on.
		 */
		void letPass() {
			locked(() -> {
				this.letPass++;
				this.lane.lookAgain();
			});
		}

		/**
		 * Lets no later task pass any more, if it was said as often as
		 * {@link #letPass()}.
		 */
		void closeRanks() {
			locked(() -> this.letPass--);
		}

		/**
		 * Gives its place to another conversation until a person has answered.
		 */
		void await() {
			locked(() -> {
				this.waiting++;
				if (this.waiting == 1 && !this.over) {
					Dispatcher.this.active--;
					this.lane.park();
				}
			});
		}

		/**
		 * Takes a place again, at once.
		 */
		void resume() {
			locked(() -> {
				this.waiting--;
				if (this.waiting == 0 && !this.over) {
					Dispatcher.this.active++;
					this.lane.unpark();
				}
			});
		}

	}

	/**
	 * The tasks of a conversation, the first of which runs, pauses or waits.
	 */
	private final class Lane implements Runnable {

		private final ConversationKey conversation;

		private final ArrayDeque<Entry> queue = new ArrayDeque<>(4);

		private @Nullable Turn turn;

		private boolean parked;

		private boolean looking;

		/** The turn ended while a later task was looked at. */
		private boolean held;

		Lane(ConversationKey conversation) {
			this.conversation = conversation;
		}

		private void add(Entry entry) {
			this.queue.add(entry);
			if (!this.parked) {
				count(entry, 1);
			}
			look();
		}

		private void count(Entry entry, int sign) {
			Dispatcher.this.count += sign;
			Dispatcher.this.bytes += (long) sign * entry.size;
		}

		private void park() {
			this.parked = true;
			this.queue.forEach((entry) -> count(entry, -1));
		}

		private void unpark() {
			this.parked = false;
			this.queue.forEach((entry) -> count(entry, 1));
		}

		@Override
		public void run() {
			Turn turn = begin();
			if (turn == null) {
				return;
			}
			try {
				turn.entry.task.run(turn);
			}
			catch (RuntimeException | Error ex) {
				turn.done();
				throw ex;
			}
			finally {
				Dispatcher.this.lock.lock();
				try {
					Dispatcher.this.running.remove(Thread.currentThread());
					// An interrupt that came too late is not for the next task.
					Thread.interrupted();
				}
				finally {
					Dispatcher.this.lock.unlock();
				}
			}
		}

		private @Nullable Turn begin() {
			Dispatcher.this.lock.lock();
			try {
				if (Dispatcher.this.stopped) {
					Dispatcher.this.active--;
					Dispatcher.this.finished.signalAll();
					return null;
				}
				Dispatcher.this.running.add(Thread.currentThread());
				this.turn = new Turn(this, this.queue.element());
				return this.turn;
			}
			finally {
				Dispatcher.this.lock.unlock();
			}
		}

		private void ended(@Nullable Duration pause) {
			this.turn = null;
			if (this.parked) {
				unpark();
			}
			if (pause != null) {
				Dispatcher.this.timer.schedule(() -> locked(() -> Dispatcher.this.ready.add(this)), pause.toNanos(),
						TimeUnit.NANOSECONDS);
				return;
			}
			count(this.queue.remove(), -1);
			if (this.looking) {
				this.held = true;
			}
			else {
				next();
			}
		}

		private void next() {
			if (this.queue.isEmpty()) {
				Dispatcher.this.lanes.remove(this.conversation);
			}
			else {
				Dispatcher.this.ready.add(this);
			}
		}

		private void lookAgain() {
			this.queue.forEach((entry) -> entry.looked = false);
			look();
		}

		private void look() {
			if (this.turn != null && this.turn.letPass > 0 && !this.looking) {
				this.looking = true;
				Dispatcher.this.passing.add(this);
			}
		}

		private void pass() {
			Entry entry = nextToLookAt(null, false);
			while (entry != null) {
				boolean done = false;
				try {
					done = entry.task.pass();
				}
				catch (RuntimeException ex) {
					logger.debug("A message could not be looked at ahead of its turn: {}", Failures.describe(ex));
				}
				entry = nextToLookAt(entry, done);
			}
		}

		private @Nullable Entry nextToLookAt(@Nullable Entry looked, boolean done) {
			@Nullable Entry[] next = new @Nullable Entry[1];
			locked(() -> {
				if (looked != null) {
					looked.looked = true;
					if (done || (this.parked && this.queue.size() > MAX_BEHIND_QUESTION)) {
						remove(looked, done);
					}
				}
				next[0] = (this.turn != null && this.turn.letPass > 0 && !Dispatcher.this.stopped) ? firstUnlooked()
						: null;
				if (next[0] == null) {
					this.looking = false;
					if (this.held) {
						this.held = false;
						next();
					}
				}
			});
			return next[0];
		}

		private void remove(Entry entry, boolean done) {
			this.queue.remove(entry);
			if (!this.parked) {
				count(entry, -1);
			}
			if (!done) {
				logger.warn(
						"More than {} messages wait behind a question in conversation {}: one is set aside, and comes"
								+ " again after a reconnect or a restart",
						MAX_BEHIND_QUESTION, this.conversation.conversationId());
			}
		}

		private @Nullable Entry firstUnlooked() {
			return this.queue.stream().skip(1).filter((entry) -> !entry.looked).findFirst().orElse(null);
		}

	}

}
