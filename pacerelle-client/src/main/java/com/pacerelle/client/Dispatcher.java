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
 * number and by size: whoever brings tasks stops when there is no room. What waits for a
 * person is bounded apart, so that open questions never keep answers out.
 */
final class Dispatcher {

	private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

	/**
	 * How many messages of one conversation wait behind an open question. They do not
	 * take the room of others, as a person may take days to answer.
	 */
	static final int MAX_BEHIND_QUESTION = 100;

	private final Executor executor;

	private final Executor passer;

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

	/** Turns that have their answer, but no place yet; they come first. */
	private final Queue<Return> returning = new ArrayDeque<>();

	/** How often each conversation lets its tasks pass, whatever its turn does. */
	private final Map<ConversationKey, Integer> watched = new HashMap<>();

	/** Lanes whose later tasks are to be looked at. */
	private final List<Lane> passing = new ArrayList<>();

	private final Set<Thread> running = new HashSet<>();

	/** How many lanes run and do not wait for a person. */
	private int active;

	private int count;

	private long bytes;

	/** How much memory the lanes need that wait for a person. */
	private long parkedBytes;

	private boolean full;

	private boolean stopped;

	/**
	 * Creates a dispatcher.
	 * @param executor runs the tasks, each at once
	 * @param passer looks at tasks ahead of their turn
	 * @param timer wakes tasks that pause
	 * @param concurrency how many conversations run at once, those that wait for a person
	 * not counted
	 * @param capacity how many tasks there is room for
	 * @param byteCapacity how many bytes there is room for, and as many again behind
	 * those who wait for a person
	 */
	Dispatcher(Executor executor, Executor passer, Scheduler timer, int concurrency, int capacity, long byteCapacity) {
		this.executor = executor;
		this.passer = passer;
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
				lane.add(new Entry(task, size));
				lane.next();
			}
			else {
				lane.add(new Entry(task, size));
			}
		});
	}

	/**
	 * Lets the tasks of a conversation pass from now on, whether one has its turn or not,
	 * and whether there is a place or not.
	 * @param conversation the conversation
	 */
	void letPass(ConversationKey conversation) {
		locked(() -> {
			this.watched.merge(conversation, 1, Integer::sum);
			Lane lane = this.lanes.get(conversation);
			if (lane != null) {
				lane.lookAgain();
			}
		});
	}

	/**
	 * Lets no task of a conversation pass any more, if it was said as often as
	 * {@link #letPass}.
	 * @param conversation the conversation
	 */
	void closeRanks(ConversationKey conversation) {
		locked(() -> this.watched.computeIfPresent(conversation, (key, times) -> (times > 1) ? times - 1 : null));
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
				if (turn != null && (!turn.placed || !onlyWaiting)) {
					cancelled.add(turn.entry.task);
				}
			}
		});
		cancelled.forEach(Task::cancel);
	}

	private boolean awaitFinished(Duration limit) throws InterruptedException {
		long nanos = limit.toNanos();
		while (!isFinished() && nanos > 0) {
			nanos = this.finished.awaitNanos(nanos);
		}
		return isFinished();
	}

	private boolean isFinished() {
		return this.active == 0 && this.running.isEmpty();
	}

	/**
	 * Changes the state, then starts what can be started.
	 */
	private void locked(Runnable change) {
		List<Runnable> starts = new ArrayList<>(2);
		List<Lane> looks = List.of();
		boolean room = false;
		this.lock.lock();
		try {
			change.run();
			while (!this.returning.isEmpty() && (this.active < this.concurrency || this.stopped)) {
				starts.add(this.returning.remove().take());
			}
			while (this.active < this.concurrency && !this.ready.isEmpty() && !this.stopped) {
				starts.add(this.ready.remove().take());
			}
			if (!this.passing.isEmpty()) {
				looks = List.copyOf(this.passing);
				this.passing.clear();
			}
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
		looks.forEach((lane) -> this.passer.execute(lane::pass));
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

		private boolean placed = true;

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
			leave();
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

		private void leave() {
			if (this.placed) {
				this.placed = false;
				Dispatcher.this.active--;
			}
		}

		/**
		 * Gives its place to another conversation until a person has answered.
		 */
		void await() {
			boolean[] stopped = new boolean[1];
			locked(() -> {
				stopped[0] = Dispatcher.this.stopped;
				this.waiting++;
				if (this.placed && !this.over) {
					leave();
					this.lane.park();
				}
			});
			if (stopped[0]) {
				this.entry.task.cancel();
			}
		}

		/**
		 * Takes a place again as soon as there is one, ahead of those who have not begun.
		 * While it still waits for another answer it needs none.
		 * @param next what to do then
		 */
		void resume(Runnable next) {
			locked(() -> {
				this.waiting--;
				Dispatcher.this.returning.add(new Return(this, next));
			});
		}

	}

	/**
	 * A turn that waits for a place.
	 */
	private final class Return {

		private final Turn turn;

		private final Runnable next;

		Return(Turn turn, Runnable next) {
			this.turn = turn;
			this.next = next;
		}

		private Runnable take() {
			boolean needed = this.turn.waiting == 0 && !this.turn.placed && !this.turn.over;
			if (needed && !Dispatcher.this.stopped) {
				Dispatcher.this.active++;
				this.turn.placed = true;
				this.turn.lane.unpark();
			}
			return this.next;
		}

	}

	/**
	 * The tasks of a conversation, the first of which runs, pauses or waits.
	 */
	private final class Lane {

		private final ConversationKey conversation;

		private final ArrayDeque<Entry> queue = new ArrayDeque<>(4);

		private @Nullable Turn turn;

		private boolean parked;

		private boolean paused;

		private boolean looking;

		/** The next turn waits until the tasks have been looked at. */
		private boolean held;

		Lane(ConversationKey conversation) {
			this.conversation = conversation;
		}

		private void add(Entry entry) {
			this.queue.add(entry);
			count(entry, 1);
			look();
		}

		private void count(Entry entry, int sign) {
			long size = (long) sign * entry.size;
			if (this.parked) {
				Dispatcher.this.parkedBytes += size;
			}
			else {
				Dispatcher.this.count += sign;
				Dispatcher.this.bytes += size;
			}
		}

		private void park() {
			this.queue.forEach((entry) -> count(entry, -1));
			this.parked = true;
			this.queue.forEach((entry) -> count(entry, 1));
		}

		private void unpark() {
			this.queue.forEach((entry) -> count(entry, -1));
			this.parked = false;
			this.queue.forEach((entry) -> count(entry, 1));
		}

		private Runnable take() {
			Dispatcher.this.active++;
			Turn turn = new Turn(this, this.queue.element());
			this.turn = turn;
			return () -> run(turn);
		}

		private void run(Turn turn) {
			if (!begin(turn)) {
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
					Dispatcher.this.finished.signalAll();
				}
				finally {
					Dispatcher.this.lock.unlock();
				}
			}
		}

		private boolean begin(Turn turn) {
			Dispatcher.this.lock.lock();
			try {
				if (Dispatcher.this.stopped) {
					turn.leave();
					Dispatcher.this.finished.signalAll();
					return false;
				}
				Dispatcher.this.running.add(Thread.currentThread());
				return true;
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
				this.paused = true;
				Dispatcher.this.timer.schedule(() -> locked(this::unpause), pause.toNanos(), TimeUnit.NANOSECONDS);
				return;
			}
			count(this.queue.remove(), -1);
			next();
		}

		private void unpause() {
			this.paused = false;
			next();
		}

		private void next() {
			if (this.looking) {
				this.held = true;
			}
			else if (this.queue.isEmpty()) {
				Dispatcher.this.lanes.remove(this.conversation);
			}
			else {
				Dispatcher.this.ready.add(this);
				look();
			}
		}

		private void lookAgain() {
			this.queue.forEach((entry) -> entry.looked = false);
			look();
		}

		private boolean letsPass() {
			return Dispatcher.this.watched.containsKey(this.conversation)
					|| (this.turn != null && this.turn.letPass > 0);
		}

		private void look() {
			if (!this.looking && letsPass() && firstUnlooked() != null) {
				this.looking = true;
				this.held = Dispatcher.this.ready.remove(this);
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
					if (done || (this.parked && isCrowded())) {
						remove(looked, done);
					}
				}
				next[0] = (letsPass() && !Dispatcher.this.stopped) ? firstUnlooked() : null;
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

		private boolean isCrowded() {
			return this.queue.size() - 1 > MAX_BEHIND_QUESTION
					|| Dispatcher.this.parkedBytes > Dispatcher.this.byteCapacity;
		}

		private void remove(Entry entry, boolean done) {
			this.queue.remove(entry);
			count(entry, -1);
			if (!done) {
				logger.warn(
						"Too many messages wait behind a question in conversation {}: one is set aside, and comes again"
								+ " after a reconnect or a restart",
						this.conversation.conversationId());
			}
		}

		private @Nullable Entry firstUnlooked() {
			boolean begun = this.turn != null || this.paused;
			return this.queue.stream().skip(begun ? 1 : 0).filter((entry) -> !entry.looked).findFirst().orElse(null);
		}

	}

}
