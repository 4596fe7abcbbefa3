package com.pacerelle.client.store;

import java.nio.file.Path;

/**
 * The embedded store: one SQLite database for each agent, in
 * {@code <root>/<agent id>/agent.db}.
 */
public final class SqliteAgentStore {

	private SqliteAgentStore() {
	}

	/**
	 * Opens the store of an agent, and creates it when it does not exist.
	 * @param root the directory under which each agent has its own
	 * @param agentId the agent
	 * @return the store
	 * @throws StoreInUseException if somebody else has it open
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId) {
		throw new UnsupportedOperationException();
	}

}
