package com.pacerelle.client.store.jdbc;

/**
 * The right to write the state of an agent, as long as a session of the database holds
 * its lock and nobody has begun a later epoch.
 */
final class Lease implements JdbcAgentStore.Place {

	private final AgentLocks locks;

	private final String agentId;

	private final int number;

	private final long epoch;

	private final JoinedTransactions joined = new JoinedTransactions(this);

	private volatile boolean held = true;

	Lease(AgentLocks locks, String agentId, int number, long epoch) {
		this.locks = locks;
		this.agentId = agentId;
		this.number = number;
		this.epoch = epoch;
	}

	/** Names the agent in all tables. */
	int number() {
		return this.number;
	}

	/** Grows with each opening of the store. */
	long epoch() {
		return this.epoch;
	}

	/** The transactions of the application in which it is written. */
	JoinedTransactions joined() {
		return this.joined;
	}

	/** Whether the session with the lock was there a moment ago. */
	boolean isHeld() {
		return this.held;
	}

	void setHeld(boolean held) {
		this.held = held;
	}

	@Override
	public void close() {
		this.locks.release(this);
	}

	@Override
	public String toString() {
		return describe(this.agentId);
	}

	static String describe(String agentId) {
		return "PostgreSQL (agent '" + agentId + "')";
	}

}
