package com.pacerelle.client.dispatch;

/**
 * The room for tasks in memory. Whole tasks are counted by number and by size, for all
 * conversations together; those of which only the id is left, by number. A conversation
 * that has many has no claim to the room of others.
 */
final class Room {

	/** How many tasks of one conversation wait, most of them as an id. */
	static final int MAX_WAITING = 4096;

	/** How many tasks wait in all before a conversation may have only a few. */
	static final int MAX_WAITING_IN_ALL = 16 * MAX_WAITING;

	/**
	 * How many whole tasks of one conversation wait: what is handled soon stays as it is.
	 */
	static final int MAX_WHOLE = 16;

	private static final int MAX_WHOLE_BYTES = 64 * 1024;

	private final int capacity;

	private final long byteCapacity;

	private int tasks;

	private long bytes;

	private int waiting;

	/** A caller found no room, and waits for some. */
	private boolean awaited;

	/**
	 * Creates an empty room.
	 * @param capacity how many whole tasks there is room for
	 * @param byteCapacity how many bytes there is room for
	 */
	Room(int capacity, long byteCapacity) {
		this.capacity = capacity;
		this.byteCapacity = byteCapacity;
	}

	/**
	 * Counts whole tasks that came or, with negative numbers, that left.
	 * @param tasks how many
	 * @param bytes their size
	 */
	void count(int tasks, long bytes) {
		this.tasks += tasks;
		this.bytes += bytes;
	}

	/**
	 * Counts tasks that began to wait or, with a negative number, that ended.
	 * @param tasks how many
	 */
	void countWaiting(int tasks) {
		this.waiting += tasks;
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
	 * Whether a conversation may have one more task. One that has none gets room also
	 * when the others have taken too much.
	 * @param waiting how many it has
	 * @param bytes how large the whole ones of them are
	 * @param size how large one more is
	 * @return whether there is room for it
	 */
	boolean takes(int waiting, long bytes, int size) {
		if (waiting == 0) {
			return this.bytes < 2 * this.byteCapacity;
		}
		return waiting < ((this.waiting < MAX_WAITING_IN_ALL) ? MAX_WAITING : MAX_WHOLE)
				&& bytes + size <= this.byteCapacity / 2 && this.bytes < this.byteCapacity + this.byteCapacity / 2;
	}

	/**
	 * Whether so many whole tasks of a conversation wait that they are to become ids: too
	 * many, or any while there is no room.
	 * @param whole how many whole ones
	 * @param bytes how large they are
	 * @return whether it is crowded
	 */
	boolean isCrowded(int whole, long bytes) {
		return whole > MAX_WHOLE || bytes > MAX_WHOLE_BYTES || (this.awaited && whole > 0);
	}

	/**
	 * Whether a conversation has room for what it had to leave at the relay.
	 * @param waiting how many tasks it has
	 * @return whether a good part of its own room and of that of all is free
	 */
	boolean isDrained(int waiting) {
		return waiting <= MAX_WAITING / 4 && this.waiting <= MAX_WAITING_IN_ALL / 2
				&& this.bytes <= this.byteCapacity / 2;
	}

}
