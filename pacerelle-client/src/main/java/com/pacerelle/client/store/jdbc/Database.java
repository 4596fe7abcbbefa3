package com.pacerelle.client.store.jdbc;

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

	private static final int PAGE_SIZE = 1024;

	private static final int CHECKPOINT_PAGES = 4096;

	private static final int LOG_SIZE_LIMIT = 4 * CHECKPOINT_PAGES * PAGE_SIZE;

	// A message changes a few KiB here and there, and the log takes whole pages: with
	// pages of 4 KiB twice as much is written. A long log writes the pages that change
	// with every message to the database file only now and then.
	private static final List<String> WRITER_SETTINGS = List.of("PRAGMA page_size = " + PAGE_SIZE,
			"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES,
			"PRAGMA journal_size_limit = " + LOG_SIZE_LIMIT, "PRAGMA foreign_keys = OFF",
			// Overwrites deleted keys and texts where that costs no write of its own.
			"PRAGMA secure_delete = FAST",
			// Else each savepoint may copy pages to a file.
			"PRAGMA temp_store = MEMORY");

	private static final int BUSY_TIMEOUT_MILLIS = 10_000;

	private final String url;

	Database(Path file) {
		// As a URI, so that no character of the path means anything to the driver.
		this.url = "jdbc:sqlite:" + file.toUri();
	}

	/**
	 * Opens the connection that writes.
	 * @return the connection
	 * @throws SQLException if the file is not a database or cannot be written
	 */
	Connection openWriter() throws SQLException {
		Connection connection = open(new SQLiteConfig());
		try (Statement statement = connection.createStatement()) {
			for (String setting : WRITER_SETTINGS) {
				statement.execute(setting);
			}
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
