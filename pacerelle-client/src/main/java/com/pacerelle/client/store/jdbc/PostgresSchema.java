package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.pacerelle.client.store.StoreException;

/**
 * The schema that all agents share, and the scripts that make it.
 */
final class PostgresSchema {

	static final String NAME = "pacerelle";

	/** The version that this code reads and writes: so many scripts lead to it. */
	static final int VERSION = 1;

	/** The first one that ends sessions it hears nothing of. */
	private static final int MIN_SERVER_VERSION = 14;

	private PostgresSchema() {
	}

	/**
	 * Migrates the tables to {@link #VERSION}, in a transaction of its own.
	 * @param connection a connection without a transaction
	 * @throws SQLException if the database refuses
	 * @throws StoreException if it is not PostgreSQL, or newer than this code
	 */
	static void migrate(Connection connection) throws SQLException {
		DatabaseMetaData server = connection.getMetaData();
		String product = server.getDatabaseProductName();
		if (!"PostgreSQL".equals(product)) {
			throw new StoreException(
					"The data source is for " + product + ", and the store of an agent needs PostgreSQL", null);
		}
		if (server.getDatabaseMajorVersion() < MIN_SERVER_VERSION) {
			throw new StoreException("The server is PostgreSQL " + server.getDatabaseProductVersion()
					+ ", and the store of an agent needs version " + MIN_SERVER_VERSION + " or later: it ends the"
					+ " session of a process that hangs", null);
		}
		try (Transaction transaction = new Transaction(connection);
				Statement statement = connection.createStatement()) {
			// Agents that start at the same time wait for the first.
			statement.execute("SELECT pg_advisory_xact_lock(" + LockSession.KEY + ", 0)");
			int version = version(statement);
			if (version > VERSION) {
				throw new StoreException("The schema '" + NAME + "' has version " + version
						+ ", and this version of Pacerelle knows " + VERSION + ": use the newer one that wrote it",
						null);
			}
			for (int next = version + 1; next <= VERSION; next++) {
				statement.execute(script(next));
			}
			transaction.commit();
		}
	}

	private static int version(Statement statement) throws SQLException {
		try (ResultSet table = statement.executeQuery("SELECT 1 FROM information_schema.tables WHERE table_schema = '"
				+ NAME + "' AND table_name = 'schema_version'")) {
			if (!table.next()) {
				return 0;
			}
		}
		try (ResultSet row = statement.executeQuery("SELECT max(version) FROM " + NAME + ".schema_version")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static String script(int version) {
		String name = "postgresql-" + version + ".sql";
		try (InputStream script = PostgresSchema.class.getResourceAsStream(name)) {
			if (script == null) {
				throw new IllegalStateException("The class path has no " + name);
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
