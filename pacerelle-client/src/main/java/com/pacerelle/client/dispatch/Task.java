package com.pacerelle.client.dispatch;

/**
 * A task of a conversation.
 */
public interface Task {

	/**
	 * Takes its turn; may block.
	 * @param turn told, once and on any thread, when the turn is over
	 */
	void run(Turn turn);

	/**
	 * Does what can be done ahead of its turn, while its conversation allows it or many
	 * tasks wait; may block. Afterwards the task needs no more memory than an id.
	 * @return whether nothing is left to do
	 */
	default boolean lookAhead() {
		return false;
	}

	/**
	 * Is told that it gets no turn, as there is no room for it: the relay delivers it
	 * again. Must not block.
	 */
	default void drop() {
	}

	/**
	 * Ends its turn soon, without a result: the dispatcher stops. May be called more than
	 * once.
	 */
	default void cancel() {
	}

}
