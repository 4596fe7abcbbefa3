package com.pacerelle.client;

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
	 * Looks whether there is something to do ahead of its turn, while its conversation
	 * lets tasks pass; may block.
	 * @return whether nothing is left to do
	 */
	default boolean pass() {
		return false;
	}

	/**
	 * Ends its turn soon, without a result: the dispatcher stops. May be called more than
	 * once.
	 */
	default void cancel() {
	}

}
