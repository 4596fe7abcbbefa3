package com.pacerelle.spring.connect;

import java.util.Set;
import java.util.function.Function;

import com.pacerelle.client.store.SharedInstallations;
import com.pacerelle.client.store.SharedStore;

/**
 * How several processes share the agents of installations: each takes as many as the
 * others.
 *
 * @param installations the installations, and who shares them
 * @param stores the store of an agent by its id, closed
 * @param pinned the ids of agents that are for this process, whatever its share
 */
public record SharedAgents(SharedInstallations installations, Function<String, SharedStore> stores,
		Set<String> pinned) {

	/**
	 * Copies the ids.
	 */
	public SharedAgents {
		pinned = Set.copyOf(pinned);
	}

}
