package com.pacerelle.client.store;

/**
 * Learns what becomes of the lease of a {@link SharedStore}. Whoever calls it keeps the
 * leases of all agents: a method must not block.
 */
public interface LeaseListener {

	/**
	 * Nobody has the agent, so that this process may {@linkplain SharedStore#reopen()
	 * open} its store. Called about once a second until somebody does, of which others
	 * may be quicker.
	 */
	default void available() {
	}

	/**
	 * Another process has the agent.
	 * @param holder which one
	 */
	default void taken(LeaseHolder holder) {
	}

	/**
	 * The connection that had the lease is lost, or the database has not confirmed it in
	 * time, so that another process may have the agent by now. The store goes on if not.
	 */
	default void doubted() {
	}

	/**
	 * Another process has taken the agent from this one. Nothing can be written any more
	 * until the store is closed and opened again.
	 */
	default void lost() {
	}

}
