package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A transaction on a borrowed connection, which is given back as it was. Until it is
 * committed, closing it rolls it back.
 */
final class Transaction implements AutoCloseable {

	private final Connection connection;

	private final boolean autoCommit;

	private final int isolation;

	private boolean committed;

	Transaction(Connection connection) throws SQLException {
		this.connection = connection;
		this.autoCommit = connection.getAutoCommit();
		this.isolation = connection.getTransactionIsolation();
		if (this.isolation != Connection.TRANSACTION_READ_COMMITTED) {
			connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
		}
		connection.setAutoCommit(false);
	}

	void commit() throws SQLException {
		this.connection.commit();
		this.committed = true;
	}

	@Override
	public void close() throws SQLException {
		if (!this.committed) {
			this.connection.rollback();
		}
		this.connection.setAutoCommit(this.autoCommit);
		if (this.isolation != Connection.TRANSACTION_READ_COMMITTED) {
			this.connection.setTransactionIsolation(this.isolation);
		}
	}

}
