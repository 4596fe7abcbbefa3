package com.pacerelle.client.dispatch;

/**
 * The room for tasks in memory, by number and by size. Tasks behind an open question are
 * counted apart: a person may take days to answer, and questions must not keep answers
 * out.
 */
final class Room {

	/** How many tasks of one conversation wait behind an open question. */
	static final int MAX_BEHIND_QUESTION = 100;

	private final int capacity;

	private final long byteCapacity;

	private int tasks;

	private long bytes;

	private long bytesBehindQuestions;

	/** A caller found no room, and waits for some. */
	private boolean awaited;

	/**
	 * Creates an empty room.
	 * @param capacity how many tasks there is room for
	 * @param byteCapacity how many bytes there is room for, and as many again behind open
	 * questions
	 */
	Room(int capacity, long byteCapacity) {
		this.capacity = capacity;
		this.byteCapacity = byteCapacity;
	}

	/**
	 * Counts tasks that came or, with negative numbers, that left.
	 * @param tasks how many
	 * @param bytes their size
	 */
	void count(int tasks, long bytes) {
		this.tasks += tasks;
		this.bytes += bytes;
	}

	/**
	 * Counts tasks that came behind an open question or, with a negative number, that
	 * left.
	 * @param bytes their size
	 */
	void countBehindQuestion(long bytes) {
		this.bytesBehindQuestions += bytes;
	}

	/**
	 * Whether there is room. If not, {@link #isFreeAgain()} says when.
	 * @return whether there is room
	 */
	boolean isFree() {
		this.awaited = this.tasks >= this.capacity || this.bytes >= this.byteCapacity;
		return !this.awaited;
	}

	/**
	 * Whether there is room again after {@link #isFree()} found none: enough of it, so
	 * that reading does not stop and start with each task.
	 * @return {@code true} once
	 */
	boolean isFreeAgain() {
		if (this.awaited && this.tasks < this.capacity - this.capacity / 4
				&& this.bytes < this.byteCapacity - this.byteCapacity / 4) {
			this.awaited = false;
			return true;
		}
		return false;
	}

	/**
	 * Whether too much waits behind an open question.
	 * @param tasks how many tasks wait behind it
	 * @return whether they are too many, or those behind all questions too large
	 */
	boolean isCrowded(int tasks) {
		return tasks > MAX_BEHIND_QUESTION || this.bytesBehindQuestions > this.byteCapacity;
	}

}
