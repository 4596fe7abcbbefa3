package com.pacerelle.client;

import java.util.List;
import java.util.concurrent.CompletionException;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;

/**
 * Commits and waits.
 */
final class Transactions {

	private Transactions() {
	}

	/**
	 * Commits changes in one transaction.
	 * @param store the store
	 * @param changes the changes
	 * @throws com.pacerelle.client.store.StoreException if nothing was committed
	 */
	static void commit(AgentStore store, List<? extends Change> changes) {
		try {
			store.commitAsync(changes).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

}
