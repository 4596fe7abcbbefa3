package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.jspecify.annotations.Nullable;

/**
 * Writes with a connection of the application's pool, which it has from the beginning of
 * a transaction to its end. Each transaction counts itself in the row of the lease: one
 * of an earlier epoch finds none, and when the connection is lost while it commits, the
 * count says whether it did.
 */
final class PostgresWriter implements Writer {

	/** What is acknowledged must not be lost, whatever the application can afford. */
	private static final String COUNT = "UPDATE pacerelle.leases SET commits = commits + 1"
			+ " WHERE number = ? AND epoch = ? RETURNING commits, CASE current_setting('synchronous_commit')"
			+ " WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END";

	/** Waits for the lost transaction, if the server has not noticed yet. */
	private static final String READ_COUNT = "SELECT commits FROM pacerelle.leases"
			+ " WHERE number = ? AND epoch = ? FOR UPDATE";

	private static final Duration OUTCOME_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration OUTCOME_PAUSE = Duration.ofMillis(100);

	private final DataSource dataSource;

	private final Semaphore connections;

	private final Lease lease;

	private @Nullable Connection connection;

	private @Nullable Transaction transaction;

	private @Nullable Statements statements;

	private long count;

	/**
	 * Creates a writer.
	 * @param dataSource lends connections
	 * @param connections how many of them write at a time, whichever agent it is
	 * @param lease the right to write
	 */
	PostgresWriter(DataSource dataSource, Semaphore connections, Lease lease) {
		this.dataSource = dataSource;
		this.connections = connections;
		this.lease = lease;
	}

	@Override
	public Statements begin() throws SQLException {
		if (!this.lease.isHeld()) {
			throw new StoreException("The store in " + this.lease + " cannot be written: the session that locks the"
					+ " agent is lost. It goes on when the database is there again and no other process has taken"
					+ " the agent", null);
		}
		this.connections.acquireUninterruptibly();
		Connection borrowed = null;
		try {
			borrowed = this.dataSource.getConnection();
		}
		finally {
			if (borrowed == null) {
				this.connections.release();
			}
		}
		this.connection = borrowed;
		this.transaction = new Transaction(borrowed);
		Long counted = count(borrowed, COUNT);
		if (counted == null) {
			throw new StoreInUseException("The store in " + this.lease
					+ " cannot be written: another process has taken the agent. Start this one anew");
		}
		this.count = counted;
		Statements begun = new Statements(borrowed, Dialect.POSTGRESQL, this.lease.number());
		this.statements = begun;
		return begun;
	}

	@Override
	public void commit() throws SQLException {
		Transaction transaction = this.transaction;
		if (transaction == null) {
			throw new SQLException("No transaction has begun");
		}
		SQLException failure = null;
		try {
			transaction.commit();
		}
		catch (SQLException ex) {
			failure = ex;
		}
		giveBack();
		if (failure != null && !isCommitted(failure)) {
			throw failure;
		}
	}

	@Override
	public void rollBack() {
		giveBack();
	}

	/** What is not committed is rolled back. */
	private void giveBack() {
		Connection borrowed = this.connection;
		Transaction transaction = this.transaction;
		Statements statements = this.statements;
		this.connection = null;
		this.transaction = null;
		this.statements = null;
		if (borrowed == null) {
			return;
		}
		try (borrowed; transaction; statements) {
			// Closed from the last to the first.
		}
		catch (SQLException ex) {
			// The server rolls back what it did not commit, and the pool drops the
			// connection.
		}
		finally {
			this.connections.release();
		}
	}

	private boolean isCommitted(SQLException failure) throws SQLException {
		long deadline = System.nanoTime() + OUTCOME_TIMEOUT.toNanos();
		while (System.nanoTime() - deadline < 0) {
			this.connections.acquireUninterruptibly();
			try (Connection connection = this.dataSource.getConnection();
					Transaction reading = new Transaction(connection)) {
				Long committed = count(connection, READ_COUNT);
				reading.commit();
				return committed != null && committed == this.count;
			}
			catch (SQLException ex) {
				failure.addSuppressed(ex);
			}
			finally {
				this.connections.release();
			}
			LockSupport.parkNanos(OUTCOME_PAUSE.toNanos());
		}
		throw new StoreException("The connection was lost while the store in " + this.lease
				+ " was written, and whether it was is not known: the database was away for too long", failure);
	}

	private @Nullable Long count(Connection connection, String sql) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setInt(1, this.lease.number());
			statement.setLong(2, this.lease.epoch());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? row.getLong(1) : null;
			}
		}
	}

	@Override
	public void close() {
		giveBack();
	}

}
