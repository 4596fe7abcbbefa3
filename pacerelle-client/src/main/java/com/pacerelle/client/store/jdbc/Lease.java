package com.pacerelle.client.store.jdbc;

import java.time.Duration;

import com.pacerelle.client.store.LeaseHolder;

/**
 * The right to write the state of an agent, as long as a session of the database holds
 * its lock and nobody has begun a later epoch.
 */
final class Lease implements JdbcAgentStore.Place {

	private final AgentLocks locks;

	private final String agentId;

	private final int number;

	private final LockSession.Epoch epoch;

	private final JoinedTransactions joined;

	private volatile boolean held = true;

	private volatile boolean lost;

	Lease(AgentLocks locks, String agentId, int number, LockSession.Epoch epoch, Duration leaseTime) {
		this.locks = locks;
		this.agentId = agentId;
		this.number = number;
		this.epoch = epoch;
		this.joined = new JoinedTransactions(this, leaseTime);
	}

	String agentId() {
		return this.agentId;
	}

	/** Names the agent in all tables. */
	int number() {
		return this.number;
	}

	/** Grows with each opening of the store. */
	long epoch() {
		return this.epoch.number();
	}

	/** This process, and since when it has the agent. */
	LeaseHolder holder() {
		return this.epoch.holder();
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

	boolean isLost() {
		return this.lost;
	}

	/** Somebody has begun a later epoch. */
	void lose() {
		this.lost = true;
		this.locks.lose(this);
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
