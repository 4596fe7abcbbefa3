package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of the application in which the state of an agent is written, each on
 * a thread of its own, beside those of the {@link PostgresWriter}.
 */
final class JoinedTransactions {

	/**
	 * Locks the key of the lease until the end, so that nobody begins another epoch
	 * before. Other commits do not change the key, and so neither wait for it nor keep it
	 * waiting. A process that hangs must not keep the lock, and what is acknowledged must
	 * not be lost.
	 */
	private static final String FENCE = "SELECT " + PostgresWriter.LIMIT + ", " + PostgresWriter.DURABLY
			+ " FROM pacerelle.leases WHERE number = ? AND epoch = ? FOR KEY SHARE";

	private final Lease lease;

	private final String fence;

	private final ThreadLocal<Statements> current = new ThreadLocal<>();

	/**
	 * Creates the transactions.
	 * @param lease the right to write
	 * @param leaseTime how long a transaction may hang
	 */
	JoinedTransactions(Lease lease, Duration leaseTime) {
		this.lease = lease;
		this.fence = FENCE.formatted(leaseTime.toMillis());
	}

	/**
	 * The statements of the transaction that the calling thread writes in.
	 * @return the statements, or {@code null} if it is in none
	 */
	@Nullable Statements current() {
		return this.current.get();
	}

	/**
	 * Takes part in a transaction.
	 * @param connection the connection that has the transaction
	 * @param work what reads and writes
	 * @throws StoreException if it cannot be written
	 */
	void within(Connection connection, Runnable work) {
		if (this.lease.isLost()) {
			throw lost();
		}
		if (!this.lease.isHeld()) {
			throw new StoreException("The store in " + this.lease + " cannot be written in a transaction of the"
					+ " application: the session that locks the agent is lost", null);
		}
		try (Statements statements = new Statements(connection, Dialect.POSTGRESQL, this.lease.number())) {
			fence(connection);
			this.current.set(statements);
			try {
				work.run();
			}
			finally {
				this.current.remove();
			}
		}
		catch (SQLException ex) {
			throw cannotWrite(ex);
		}
	}

	/** From here to its end, whoever takes the agent waits for this transaction. */
	private void fence(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.fence)) {
			statement.setInt(1, this.lease.number());
			statement.setLong(2, this.lease.epoch());
			try (ResultSet row = statement.executeQuery()) {
				if (!row.next()) {
					throw lost();
				}
			}
		}
	}

	/**
	 * Writes changes in the transaction that the calling thread is in.
	 * @param changes writes them
	 * @throws StoreException if they cannot be written
	 */
	void write(CommitQueue.Transaction<?> changes) {
		Statements statements = this.current.get();
		if (statements == null) {
			throw new IllegalStateException("No transaction of the application is written");
		}
		try {
			changes.run(statements);
		}
		catch (SQLException ex) {
			throw cannotWrite(ex);
		}
	}

	private StoreException lost() {
		this.lease.lose();
		return new StoreInUseException("The store in " + this.lease
				+ " cannot be written in a transaction of the application: another process has taken the agent");
	}

	private static StoreException cannotWrite(SQLException cause) {
		return new StoreException("The store cannot be written in a transaction of the application, which is rolled"
				+ " back: see the cause", cause);
	}

}
