package com.pacerelle.client.store;

/**
 * A transaction that a handler begins for the message that it handles. Used by the thread
 * that has opened it.
 */
public interface MessageTransaction extends AutoCloseable {

	/**
	 * Whether the handler has begun it, and it has not ended.
	 * @return whether the calling thread is in it
	 */
	boolean isActive();

	/**
	 * Commits it. When this fails, it is rolled back, or nobody knows.
	 */
	void commit();

	/**
	 * Rolls it back if it is active.
	 */
	void rollBack();

	/**
	 * Ends it: what was not committed is rolled back, and no handler can begin one any
	 * more.
	 */
	@Override
	void close();

}
