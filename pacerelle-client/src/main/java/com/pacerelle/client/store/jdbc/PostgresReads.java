package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import javax.sql.DataSource;

import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Reads with connections of the application's pool, each for one read.
 */
final class PostgresReads implements Reads {

	private final DataSource dataSource;

	private final Semaphore connections;

	private final int agent;

	// Read-locked to read, write-locked to close.
	private final ReadWriteLock gate = new ReentrantReadWriteLock();

	private boolean closed;

	/**
	 * Creates the reads of an agent.
	 * @param dataSource lends connections
	 * @param connections how many of them read at a time, whichever agent it is
	 * @param agent the number of the agent
	 */
	PostgresReads(DataSource dataSource, Semaphore connections, int agent) {
		this.dataSource = dataSource;
		this.connections = connections;
		this.agent = agent;
	}

	@Override
	public <T extends @Nullable Object> T read(Query<T> query) {
		this.gate.readLock().lock();
		try {
			if (this.closed) {
				throw new StoreException("The store is closed", null);
			}
			this.connections.acquireUninterruptibly();
			try (BorrowedConnection borrowed = BorrowedConnection.from(this.dataSource)) {
				return read(borrowed.connection(), query);
			}
			finally {
				this.connections.release();
			}
		}
		catch (SQLException ex) {
			throw new StoreException("The store cannot be read", ex);
		}
		finally {
			this.gate.readLock().unlock();
		}
	}

	private <T extends @Nullable Object> T read(Connection connection, Query<T> query) throws SQLException {
		if (connection.getAutoCommit()) {
			try (Statements statements = new Statements(connection, Dialect.POSTGRESQL, this.agent)) {
				return query.run(statements);
			}
		}
		// Of a pool whose connections always have a transaction: it is only read.
		try (Transaction transaction = new Transaction(connection);
				Statements statements = new Statements(connection, Dialect.POSTGRESQL, this.agent)) {
			T result = query.run(statements);
			transaction.commit();
			return result;
		}
	}

	@Override
	public void close() {
		this.gate.writeLock().lock();
		this.closed = true;
		this.gate.writeLock().unlock();
	}

}
