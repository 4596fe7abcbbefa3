package com.pacerelle.client.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * The turn that a lane has given to its first task: the task runs on a thread of the
 * places, and ends its turn itself. While it waits for a person it has no place.
 */
final class CurrentTurn implements Turn, Runnable {

	private final Task task;

	private final String owner;

	private final Places places;

	private final LookAhead lookAhead;

	private final Executor change;

	private final Listener listener;

	/** Touched by the thread that runs the task, and by no other. */
	private boolean entered;

	/** How often the turn has allowed to look ahead. */
	private int allowed;

	/** For how many answers the turn waits. */
	private int waiting;

	/** What resumes together, as soon as there is a place. */
	private final List<Runnable> answered = new ArrayList<>(0);

	private boolean placed = true;

	private boolean over;

	/**
	 * Creates a turn that has taken a place.
	 * @param task what to run
	 * @param owner the person or group whose place it is
	 * @param places where its place is
	 * @param lookAhead looks at later tasks
	 * @param change takes the steps
	 * @param listener told how it goes, in steps
	 */
	CurrentTurn(Task task, String owner, Places places, LookAhead lookAhead, Executor change, Listener listener) {
		this.task = task;
		this.owner = owner;
		this.places = places;
		this.lookAhead = lookAhead;
		this.change = change;
		this.listener = listener;
	}

	Task task() {
		return this.task;
	}

	boolean hasPlace() {
		return this.placed;
	}

	@Override
	public void run() {
		this.change.execute(this::enter);
		if (!this.entered) {
			return;
		}
		try {
			this.task.run(this);
		}
		catch (RuntimeException | Error ex) {
			done();
			throw ex;
		}
		finally {
			this.change.execute(this.places::exit);
		}
	}

	private void enter() {
		this.entered = this.places.enter();
		if (!this.entered) {
			leavePlace();
		}
	}

	@Override
	public void done() {
		this.change.execute(() -> end(null));
	}

	@Override
	public void pause(Duration pause) {
		this.change.execute(() -> end(this.places.isClosed() ? null : pause));
	}

	private void end(@Nullable Duration pause) {
		if (this.over) {
			return;
		}
		this.over = true;
		leavePlace();
		this.lookAhead.forbid(this.allowed);
		this.listener.turnEnds(pause);
	}

	private void leavePlace() {
		if (this.placed) {
			this.placed = false;
			this.places.leave(this.owner);
		}
	}

	@Override
	public void allowLookAhead() {
		this.change.execute(() -> {
			if (!this.over) {
				this.allowed++;
				this.lookAhead.allow();
			}
		});
	}

	@Override
	public void endLookAhead() {
		this.change.execute(() -> {
			if (!this.over && this.allowed > 0) {
				this.allowed--;
				this.lookAhead.forbid(1);
			}
		});
	}

	@Override
	public void await() {
		this.change.execute(() -> {
			this.waiting++;
			if (this.placed && !this.over) {
				leavePlace();
				this.listener.turnWaits();
			}
		});
		// If they are closed later, that cancels the tasks that wait.
		if (this.places.isClosed()) {
			this.task.cancel();
		}
	}

	@Override
	public void resume(Runnable next) {
		this.change.execute(() -> {
			this.waiting--;
			if (!needsPlace()) {
				this.places.run(next);
			}
			else {
				this.answered.add(next);
				if (this.answered.size() == 1) {
					this.places.queueReturning(this::goOn);
				}
			}
		});
	}

	/**
	 * All that was answered resumes with one place: if a part waited for another place,
	 * it could deadlock with the turn that holds the first.
	 */
	private void goOn() {
		if (needsPlace()) {
			this.placed = true;
			this.places.take(this.owner);
			this.listener.turnResumes();
		}
		this.answered.forEach(this.places::run);
		this.answered.clear();
	}

	private boolean needsPlace() {
		return this.waiting == 0 && !this.placed && !this.over && !this.places.isClosed();
	}

	/**
	 * Told how a turn goes.
	 */
	interface Listener {

		/** It has released its place, and waits for a person. */
		void turnWaits();

		/** It waits no more, and has a place again. */
		void turnResumes();

		/**
		 * It is over.
		 * @param pause after how long its task gets another one, or {@code null} if the
		 * task is done
		 */
		void turnEnds(@Nullable Duration pause);

	}

}
