package com.pacerelle.client.store.jdbc;

import com.pacerelle.client.store.AgentStore;

/**
 * Sees how a store writes.
 */
public final class Commits {

	private Commits() {
	}

	/**
	 * How many transactions a store has committed since it was opened.
	 * @param store one of the two
	 * @return the number
	 */
	public static long of(AgentStore store) {
		return ((JdbcAgentStore) store).commits();
	}

}
