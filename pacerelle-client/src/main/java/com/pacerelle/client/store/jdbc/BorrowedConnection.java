package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

/**
 * A connection of the application's pool. Unless the application has a limit of its own,
 * an answer of the server is not waited for for ever: a network that is gone may not say
 * so.
 */
final class BorrowedConnection implements AutoCloseable {

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

	private final Connection connection;

	private final boolean limited;

	private BorrowedConnection(Connection connection) throws SQLException {
		this.connection = connection;
		this.limited = connection.getNetworkTimeout() == 0;
		if (this.limited) {
			connection.setNetworkTimeout(Runnable::run, (int) ANSWER_TIMEOUT.toMillis());
		}
	}

	static BorrowedConnection from(DataSource dataSource) throws SQLException {
		Connection connection = dataSource.getConnection();
		BorrowedConnection borrowed = null;
		try {
			borrowed = new BorrowedConnection(connection);
			return borrowed;
		}
		finally {
			if (borrowed == null) {
				connection.close();
			}
		}
	}

	Connection connection() {
		return this.connection;
	}

	@Override
	public void close() throws SQLException {
		try (Connection closed = this.connection) {
			if (this.limited && !closed.isClosed()) {
				closed.setNetworkTimeout(Runnable::run, 0);
			}
		}
	}

}
