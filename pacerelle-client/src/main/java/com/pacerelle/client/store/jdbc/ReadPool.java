package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;

import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * A few read connections, lent to one thread at a time. A read waits only for a free
 * connection, never for the writer.
 */
final class ReadPool implements Reads {

	private static final int SIZE = Math.max(2, Math.min(Runtime.getRuntime().availableProcessors(), 8));

	private final List<Connection> connections = new ArrayList<>();

	/** Needs no memory to take a connection back. */
	private final Queue<Statements> idle = new ArrayBlockingQueue<>(SIZE);

	private final Semaphore permits = new Semaphore(SIZE);

	ReadPool(Database database) throws SQLException {
		try {
			for (int i = 0; i < SIZE; i++) {
				Connection connection = database.openReader();
				this.connections.add(connection);
				this.idle.add(Statements.ofSqlite(connection));
			}
		}
		catch (SQLException ex) {
			closeConnections();
			throw ex;
		}
	}

	@Override
	public <T extends @Nullable Object> T read(Query<T> query) {
		this.permits.acquireUninterruptibly();
		try {
			Statements statements = this.idle.poll();
			if (statements == null) {
				throw new StoreException("The store is closed", null);
			}
			try {
				return query.run(statements);
			}
			finally {
				this.idle.add(statements);
			}
		}
		catch (SQLException ex) {
			throw new StoreException("The store cannot be read", ex);
		}
		finally {
			this.permits.release();
		}
	}

	@Override
	public void close() {
		this.permits.acquireUninterruptibly(SIZE);
		try {
			this.idle.clear();
			closeConnections();
		}
		catch (SQLException ex) {
			throw new StoreException("The store cannot be closed; what was committed is safe", ex);
		}
		finally {
			this.permits.release(SIZE);
		}
	}

	private void closeConnections() throws SQLException {
		for (Connection connection : this.connections) {
			connection.close();
		}
	}

}
