package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.jspecify.annotations.Nullable;

/**
 * The advisory locks of all agents in this process, held by one session of the database,
 * which is there while an agent is locked. When it is lost, another one takes the locks
 * as soon as it can; what another process has taken meanwhile stays lost.
 */
final class AgentLocks {

	/** The first key of each advisory lock; the second is the number of the agent. */
	static final int KEY = 0x50414345;

	private static final String LOCK = "SELECT pg_try_advisory_lock(?, ?)::INTEGER";

	private static final String UNLOCK = "SELECT pg_advisory_unlock(?, ?)::INTEGER";

	private static final Duration CHECK = Duration.ofSeconds(1);

	private static final int VALID_SECONDS = 2;

	private final DataSource dataSource;

	private final Map<Integer, Lease> leases = new HashMap<>();

	private @Nullable Connection session;

	private @Nullable ScheduledExecutorService checks;

	AgentLocks(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Locks an agent, and begins its next epoch.
	 * @param agentId the agent
	 * @return its lease, to be closed
	 * @throws SQLException if the database refuses
	 * @throws StoreInUseException if it is locked
	 */
	synchronized Lease take(String agentId) throws SQLException {
		try {
			Connection connection = session();
			int number = number(connection, agentId);
			if (this.leases.containsKey(number) || !lock(connection, number)) {
				throw new StoreInUseException("The store in " + Lease.describe(agentId)
						+ " is in use: an agent runs once. Stop the other process or close the other client, or give"
						+ " this one another agent");
			}
			Lease lease = new Lease(this, agentId, number, nextEpoch(connection, number));
			this.leases.put(number, lease);
			return lease;
		}
		catch (SQLException ex) {
			// Whoever opens it again gets another session, and other leases are checked.
			abandonSession();
			throw ex;
		}
		finally {
			settle();
		}
	}

	/**
	 * Unlocks an agent.
	 * @param lease its lease
	 */
	synchronized void release(Lease lease) {
		if (!this.leases.remove(lease.number(), lease)) {
			return;
		}
		try {
			if (this.session != null && lease.isHeld()) {
				query(this.session, UNLOCK, KEY, lease.number());
			}
		}
		catch (SQLException ex) {
			abandonSession();
		}
		finally {
			lease.setHeld(false);
			settle();
		}
	}

	/** While an agent is locked, there is a session, and it is looked after. */
	private void settle() {
		if (this.leases.isEmpty()) {
			if (this.checks != null) {
				this.checks.shutdownNow();
				this.checks = null;
			}
			closeSession();
		}
		else if (this.checks == null) {
			ScheduledExecutorService checks = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "pacerelle-store-locks");
				thread.setDaemon(true);
				return thread;
			});
			checks.scheduleWithFixedDelay(this::checkQuietly, CHECK.toMillis(), CHECK.toMillis(),
					TimeUnit.MILLISECONDS);
			this.checks = checks;
		}
	}

	/** What failed is tried again, which the executor does not do. */
	private void checkQuietly() {
		try {
			check();
		}
		catch (SQLException | RuntimeException | Error ex) {
			// Until then, commits fail.
		}
	}

	/**
	 * Looks whether the session is there, and takes the locks with another one if not.
	 */
	private synchronized void check() throws SQLException {
		if (this.leases.isEmpty()) {
			return;
		}
		if (this.session != null && !this.session.isValid(VALID_SECONDS)) {
			abandonSession();
		}
		try {
			for (Lease lease : this.leases.values()) {
				if (!lease.isHeld()) {
					lease.setHeld(takeAgain(session(), lease));
				}
			}
		}
		catch (SQLException ex) {
			abandonSession();
			throw ex;
		}
	}

	/** What nobody else has locked since then is as it was. */
	private static boolean takeAgain(Connection connection, Lease lease) throws SQLException {
		if (!lock(connection, lease.number())) {
			return false;
		}
		if (lease.epoch() == query(connection, "SELECT epoch FROM pacerelle.leases WHERE number = ?", lease.number())) {
			return true;
		}
		query(connection, UNLOCK, KEY, lease.number());
		return false;
	}

	private Connection session() throws SQLException {
		Connection present = this.session;
		if (present != null) {
			return present;
		}
		Connection connection = this.dataSource.getConnection();
		this.session = connection;
		connection.setAutoCommit(true);
		return connection;
	}

	private static boolean lock(Connection connection, int number) throws SQLException {
		return query(connection, LOCK, KEY, number) == 1;
	}

	private static int number(Connection connection, String agentId) throws SQLException {
		Long known = find(connection, "SELECT number FROM pacerelle.leases WHERE agent_id = ?", agentId);
		if (known == null) {
			find(connection, "INSERT INTO pacerelle.leases (agent_id, epoch, commits) VALUES (?, 0, 0)"
					+ " ON CONFLICT DO NOTHING RETURNING number", agentId);
			known = find(connection, "SELECT number FROM pacerelle.leases WHERE agent_id = ?", agentId);
		}
		if (known == null) {
			throw new StoreException("The lease of agent '" + agentId + "' was deleted while its store was opened",
					null);
		}
		return known.intValue();
	}

	private static long nextEpoch(Connection connection, int number) throws SQLException {
		return query(connection, "UPDATE pacerelle.leases SET epoch = epoch + 1 WHERE number = ? RETURNING epoch",
				number);
	}

	private static long query(Connection connection, String sql, Object... parameters) throws SQLException {
		Long value = find(connection, sql, parameters);
		return (value != null) ? value : 0;
	}

	private static @Nullable Long find(Connection connection, String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? row.getLong(1) : null;
			}
		}
	}

	/** A session that may still have locks must not get back into a pool. */
	private void abandonSession() {
		this.leases.values().forEach((lease) -> lease.setHeld(false));
		Connection lost = this.session;
		if (lost != null) {
			try {
				lost.abort(Runnable::run);
			}
			catch (SQLException ex) {
				// It is lost.
			}
			closeSession();
		}
	}

	private void closeSession() {
		Connection closed = this.session;
		this.session = null;
		try {
			if (closed != null) {
				closed.close();
			}
		}
		catch (SQLException ex) {
			// The pool or the server ends it.
		}
	}

}
