package com.pacerelle.client.store;

import java.time.Instant;

/**
 * Which process has the store of an agent.
 *
 * @param instance the process: the name of its machine, and a random part
 * @param since since when, by the clock of the database
 */
public record LeaseHolder(String instance, Instant since) {

	@Override
	public String toString() {
		return "instance '" + this.instance + "' since " + this.since;
	}

}
