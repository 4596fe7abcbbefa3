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

	/**
	 * The row of the lease is locked until the end: a process that hangs must not keep it
	 * from the next one.
	 */
	static final String LIMIT = "set_config('idle_in_transaction_session_timeout', '%d', true)";

	/** What is acknowledged must not be lost, whatever the application can afford. */
	static final String DURABLY = "CASE current_setting('synchronous_commit')"
			+ " WHEN 'off' THEN set_config('synchronous_commit', 'on', true) END";

	private static final String COUNT = "UPDATE pacerelle.leases SET commits = commits + 1"
			+ " WHERE number = ? AND epoch = ? RETURNING commits, " + LIMIT + ", " + DURABLY;

	/** Waits for the lost transaction, if the server has not noticed yet. */
	private static final String READ_COUNT = "SELECT commits, " + LIMIT + " FROM pacerelle.leases"
			+ " WHERE number = ? AND epoch = ? FOR UPDATE";

	private static final Duration OUTCOME_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration OUTCOME_PAUSE = Duration.ofMillis(100);

	private final DataSource dataSource;

	private final Semaphore connections;

	private final Lease lease;

	private final String countSql;

	private final String readCountSql;

	private @Nullable BorrowedConnection connection;

	private @Nullable Transaction transaction;

	private @Nullable Statements statements;

	private long count;

	/**
	 * Creates a writer.
	 * @param dataSource lends connections
	 * @param connections how many of them write at a time, whichever agent it is
	 * @param lease the right to write
	 * @param leaseTime how long a transaction may hang
	 */
	PostgresWriter(DataSource dataSource, Semaphore connections, Lease lease, Duration leaseTime) {
		this.dataSource = dataSource;
		this.connections = connections;
		this.lease = lease;
		this.countSql = COUNT.formatted(leaseTime.toMillis());
		this.readCountSql = READ_COUNT.formatted(leaseTime.toMillis());
	}

	@Override
	public Statements begin() throws SQLException {
		if (this.lease.isLost()) {
			throw lost();
		}
		if (!this.lease.isHeld()) {
			throw new StoreException("The store in " + this.lease + " cannot be written: the session that locks the"
					+ " agent is lost. It goes on when the database is there again and no other process has taken"
					+ " the agent", null);
		}
		this.connections.acquireUninterruptibly();
		BorrowedConnection borrowed = null;
		try {
			borrowed = BorrowedConnection.from(this.dataSource);
		}
		finally {
			if (borrowed == null) {
				this.connections.release();
			}
		}
		this.connection = borrowed;
		this.transaction = new Transaction(borrowed.connection());
		Long counted = count(borrowed.connection(), this.countSql);
		if (counted == null) {
			throw lost();
		}
		this.count = counted;
		Statements begun = new Statements(borrowed.connection(), Dialect.POSTGRESQL, this.lease.number());
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
		BorrowedConnection borrowed = this.connection;
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
			try (BorrowedConnection borrowed = BorrowedConnection.from(this.dataSource);
					Transaction reading = new Transaction(borrowed.connection())) {
				Long committed = count(borrowed.connection(), this.readCountSql);
				reading.commit();
				if (committed == null) {
					throw lost();
				}
				return committed == this.count;
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

	/** Whoever has taken the agent goes on with what was committed until then. */
	private StoreException lost() {
		this.lease.lose();
		return new StoreInUseException("The store in " + this.lease
				+ " cannot be written: another process has taken the agent, and goes on with what was committed before");
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
