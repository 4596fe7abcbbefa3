package com.pacerelle.client.store;

import org.jspecify.annotations.Nullable;

/**
 * A store that several processes can open, one at a time: it has the lease of the agent.
 * The others wait until it is free. One that hangs or is cut off from the database for
 * the lease time loses it, and whatever it commits later changes nothing.
 */
public interface SharedStore extends AgentStore {

	/**
	 * Opens the store after {@link #close()}, or for the first time. While it is open, it
	 * does nothing.
	 * @throws StoreInUseException if somebody else has the agent
	 * @throws StoreException if it cannot be opened, or is another agent's now
	 */
	void reopen();

	/**
	 * Since when this process has the agent.
	 * @return this process, or {@code null} while the store is not open, or when another
	 * process has taken the agent
	 */
	@Nullable LeaseHolder holder();

	/**
	 * Follows the lease, also while the store is closed.
	 * @param listener is told about it
	 * @return to be closed when nobody wants to know any more
	 */
	Watch watch(LeaseListener listener);

	/**
	 * A listener that is told about a lease.
	 */
	@FunctionalInterface
	interface Watch extends AutoCloseable {

		@Override
		void close();

	}

}
