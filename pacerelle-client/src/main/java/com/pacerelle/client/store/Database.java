package com.pacerelle.client.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.sqlite.SQLiteConfig;

/**
 * Opens connections to the database file of an agent.
 */
final class Database {

	private static final List<String> WRITER_SETTINGS = List.of(
			// A session record is a few KiB, and its unchanged pages are not written
			// again.
			"PRAGMA page_size = " + Integer.getInteger("ps", 1024), "PRAGMA journal_mode = WAL",
			"PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = " + Integer.getInteger("ac", 4096),
			"PRAGMA journal_size_limit = " + (16 << 20), "PRAGMA secure_delete = FAST", "PRAGMA foreign_keys = OFF",
			// Else each savepoint copies pages to a file.
			"PRAGMA temp_store = MEMORY");

	private static final int BUSY_TIMEOUT_MILLIS = 10_000;

	private final String url;

	Database(Path file) {
		// As a URI, so that no character of the path means anything to the driver.
		this.url = "jdbc:sqlite:" + file.toUri();
	}

	/**
	 * Opens the connection that writes; it never commits by itself.
	 * @return the connection
	 * @throws SQLException if the file is not a database or cannot be written
	 */
	Connection openWriter() throws SQLException {
		Connection connection = open(new SQLiteConfig());
		try (Statement statement = connection.createStatement()) {
			for (String setting : WRITER_SETTINGS) {
				statement.execute(setting);
			}
			connection.setAutoCommit(false);
			return connection;
		}
		catch (SQLException ex) {
			connection.close();
			throw ex;
		}
	}

	/**
	 * Opens a connection that only reads what is committed.
	 * @return the connection
	 * @throws SQLException if the database cannot be read
	 */
	Connection openReader() throws SQLException {
		SQLiteConfig config = new SQLiteConfig();
		config.setReadOnly(true);
		return open(config);
	}

	private Connection open(SQLiteConfig config) throws SQLException {
		config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
		return DriverManager.getConnection(this.url, config.toProperties());
	}

}
