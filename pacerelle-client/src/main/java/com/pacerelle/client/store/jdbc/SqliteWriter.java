package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes with one connection to the file.
 */
final class SqliteWriter implements Writer {

	private final Connection connection;

	private final Statements statements;

	/**
	 * Creates a writer.
	 * @param connection writes, and nobody else uses it any more
	 */
	SqliteWriter(Connection connection) {
		this.connection = connection;
		this.statements = Statements.ofSqlite(connection);
	}

	@Override
	public Statements begin() throws SQLException {
		this.statements.update(Sql.BEGIN);
		return this.statements;
	}

	@Override
	public void commit() throws SQLException {
		this.statements.update(Sql.COMMIT);
	}

	@Override
	public void rollBack() throws SQLException {
		this.statements.update(Sql.ROLL_BACK);
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
