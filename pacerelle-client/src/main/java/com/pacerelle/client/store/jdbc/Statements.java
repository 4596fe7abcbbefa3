package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The statements of one connection, each prepared once. Not thread-safe.
 */
final class Statements implements AutoCloseable {

	/** How many rows are read, or changed, at a time where there can be many. */
	static final int BATCH = 500;

	private final Connection connection;

	private final Dialect dialect;

	private final long agent;

	private final Map<String, PreparedStatement> prepared = new HashMap<>();

	/**
	 * Prepares statements.
	 * @param connection for a connection
	 * @param dialect of this database
	 * @param agent the number of the agent, which matters where several share the tables
	 */
	Statements(Connection connection, Dialect dialect, long agent) {
		this.connection = connection;
		this.dialect = dialect;
		this.agent = agent;
	}

	/** The statements of an agent that has the database for itself. */
	static Statements ofSqlite(Connection connection) {
		return new Statements(connection, Dialect.SQLITE, 1);
	}

	/**
	 * Runs a statement that changes rows.
	 * @param sql the statement
	 * @param parameters numbers, strings, byte arrays, or {@code null}
	 * @return how many rows were changed
	 * @throws SQLException if the database refuses
	 */
	int update(Sql sql, @Nullable Object... parameters) throws SQLException {
		return update(sql.text(), parameters);
	}

	int update(String sql, @Nullable Object... parameters) throws SQLException {
		try {
			PreparedStatement statement = bind(sql, parameters);
			int rows = statement.executeUpdate();
			statement.clearParameters();
			return rows;
		}
		catch (SQLException ex) {
			throw discard(sql, ex);
		}
	}

	/**
	 * Reads the only row, or the first.
	 * @param <T> what a row is read as
	 * @param sql the statement
	 * @param row reads a row
	 * @param parameters as above
	 * @return the row, or {@code null} if there is none
	 * @throws SQLException if the database refuses
	 */
	<T> @Nullable T first(Sql sql, Row<? extends @Nullable T> row, @Nullable Object... parameters) throws SQLException {
		return first(sql.text(), row, parameters);
	}

	<T> @Nullable T first(String sql, Row<? extends @Nullable T> row, @Nullable Object... parameters)
			throws SQLException {
		try (ResultSet rows = bind(sql, parameters).executeQuery()) {
			return rows.next() ? row.read(rows) : null;
		}
		catch (SQLException ex) {
			throw discard(sql, ex);
		}
	}

	/**
	 * Reads all rows.
	 * @param <T> what a row is read as
	 * @param sql the statement
	 * @param row reads a row
	 * @param parameters as above
	 * @return the rows in their order
	 * @throws SQLException if the database refuses
	 */
	<T> List<T> all(Sql sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
		return all(sql.text(), row, parameters);
	}

	<T> List<T> all(String sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
		try (ResultSet rows = bind(sql, parameters).executeQuery()) {
			List<T> result = new ArrayList<>();
			while (rows.next()) {
				result.add(row.read(rows));
			}
			return result;
		}
		catch (SQLException ex) {
			throw discard(sql, ex);
		}
	}

	/**
	 * Reads all rows, one at a time.
	 * @param sql the statement
	 * @param row takes a row
	 * @param parameters as above
	 * @throws SQLException if the database refuses
	 */
	void each(String sql, RowConsumer row, @Nullable Object... parameters) throws SQLException {
		PreparedStatement statement = bind(sql, parameters);
		statement.setFetchSize(BATCH);
		try (ResultSet rows = statement.executeQuery()) {
			while (rows.next()) {
				row.accept(rows);
			}
		}
		catch (SQLException ex) {
			throw discard(sql, ex);
		}
	}

	/**
	 * Runs a statement that changes rows for many parameters.
	 * @param sql the statement
	 * @param parameters those of each time
	 * @throws SQLException if the database refuses
	 */
	void updateAll(String sql, List<@Nullable Object[]> parameters) throws SQLException {
		if (parameters.isEmpty()) {
			return;
		}
		try {
			PreparedStatement statement = bind(sql, parameters.get(0));
			statement.addBatch();
			for (@Nullable
			Object[] next : parameters.subList(1, parameters.size())) {
				bind(sql, next);
				statement.addBatch();
			}
			statement.executeBatch();
			statement.clearParameters();
		}
		catch (SQLException ex) {
			throw discard(sql, ex);
		}
	}

	/**
	 * The columns of a table.
	 * @param table the table
	 * @return their names, save for that of the agent's number
	 * @throws SQLException if the database refuses
	 */
	List<String> columns(String table) throws SQLException {
		String sql = "SELECT * FROM " + table + " WHERE agent = ?0 LIMIT 0";
		try (ResultSet none = bind(sql).executeQuery()) {
			List<String> columns = new ArrayList<>();
			for (int column = 1; column <= none.getMetaData().getColumnCount(); column++) {
				columns.add(none.getMetaData().getColumnName(column));
			}
			columns.remove("agent");
			return columns;
		}
		catch (SQLException ex) {
			throw discard(sql, ex);
		}
	}

	/**
	 * Waits for the transactions of the application that are written now, and keeps
	 * others from beginning to write until the present transaction ends.
	 * @throws SQLException if the database refuses
	 */
	void awaitJoined() throws SQLException {
		String lock = this.dialect.lockAgent();
		if (lock != null) {
			first(lock, (row) -> true);
		}
	}

	/** The driver's statement cannot be used any more once it has failed. */
	private SQLException discard(String sql, SQLException failure) {
		PreparedStatement failed = this.prepared.remove(sql);
		try {
			if (failed != null) {
				failed.close();
			}
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
		return failure;
	}

	private PreparedStatement bind(String sql, @Nullable Object... parameters) throws SQLException {
		Dialect.Translation translation = this.dialect.translate(sql);
		PreparedStatement statement = this.prepared.get(sql);
		if (statement == null) {
			statement = this.connection.prepareStatement(translation.text());
			this.prepared.put(sql, statement);
		}
		int position = 1;
		for (int parameter : translation.parameters()) {
			statement.setObject(position++, (parameter == 0) ? this.agent : parameters[parameter - 1]);
		}
		return statement;
	}

	/**
	 * Closes the statements, not the connection.
	 */
	@Override
	public void close() throws SQLException {
		for (PreparedStatement statement : this.prepared.values()) {
			statement.close();
		}
		this.prepared.clear();
	}

	/**
	 * Reads one row.
	 *
	 * @param <T> what it is read as
	 */
	@FunctionalInterface
	interface Row<T extends @Nullable Object> {

		T read(ResultSet row) throws SQLException;

	}

	/**
	 * Takes one row.
	 */
	@FunctionalInterface
	interface RowConsumer {

		void accept(ResultSet row) throws SQLException;

	}

}
