package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import com.pacerelle.client.store.StoreException;
import org.sqlite.SQLiteConfig;

/**
 * Opens connections to the database file of an agent.
 */
final class Database {

	private static final int PAGE_SIZE = 1024;

	private static final int CHECKPOINT_PAGES = 32_768;

	private static final int LOG_SIZE_LIMIT = CHECKPOINT_PAGES * PAGE_SIZE;

	// A message changes a few KiB here and there, and the log takes whole pages: with
	// pages of 4 KiB twice as much is written. A log of 32 MiB writes the pages that
	// change
	// with every message to the database file only now and then: with one of 4 MiB a
	// third more is written.
	private static final List<Pragma> WRITER_SETTINGS = List.of(new Pragma("journal_mode", "WAL", "wal"),
			new Pragma("synchronous", "FULL", "2"), new Pragma("wal_autocheckpoint", CHECKPOINT_PAGES),
			new Pragma("journal_size_limit", LOG_SIZE_LIMIT), new Pragma("foreign_keys", "OFF", "0"),
			// Overwrites deleted keys and texts.
			new Pragma("secure_delete", "ON", "1"),
			// Else each savepoint may copy pages to a file.
			new Pragma("temp_store", "MEMORY", "2"));

	private static final int BUSY_TIMEOUT_MILLIS = 10_000;

	private final Path file;

	private final String url;

	Database(Path file) {
		this.file = file;
		// As a URI, so that no character of the path means anything to the driver.
		this.url = "jdbc:sqlite:" + file.toUri();
	}

	/**
	 * Opens the connection that writes.
	 * @return the connection
	 * @throws SQLException if the file is not a database or cannot be written
	 */
	Connection openWriter() throws SQLException {
		Connection connection = open(this.url, new SQLiteConfig(), BUSY_TIMEOUT_MILLIS);
		try (Statement statement = connection.createStatement()) {
			// Counts for a new file only.
			statement.execute("PRAGMA page_size = " + PAGE_SIZE);
			for (Pragma setting : WRITER_SETTINGS) {
				statement.execute("PRAGMA " + setting.name() + " = " + setting.value());
			}
			for (Pragma setting : WRITER_SETTINGS) {
				verify(statement, setting);
			}
			return connection;
		}
		catch (SQLException | RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

	/**
	 * SQLite ignores what it cannot do, such as a write-ahead log without shared memory.
	 */
	static void verify(Statement statement, Pragma setting) throws SQLException {
		try (ResultSet row = statement.executeQuery("PRAGMA " + setting.name())) {
			String found = row.next() ? row.getString(1) : null;
			if (!setting.shown().equalsIgnoreCase(found)) {
				throw new StoreException("SQLite does not take '" + setting.name() + " = " + setting.value()
						+ "' and stays at '" + found + "': nothing of the store would be safe. Put it on a local disk,"
						+ " and leave its driver as it is", null);
			}
		}
	}

	/**
	 * Opens a connection that only reads what is committed.
	 * @return the connection
	 * @throws SQLException if the database cannot be read
	 */
	Connection openReader() throws SQLException {
		return open(this.url, readOnly(), BUSY_TIMEOUT_MILLIS);
	}

	/**
	 * Looks whether each page is what it should be, before anything is written: an agent
	 * that goes on with what is left of its sessions makes every backup too old.
	 * @throws SQLException if a page is damaged, or the file is not a database or cannot
	 * be read
	 * @throws IOException if the file cannot be read
	 */
	void verifyPages() throws SQLException, IOException {
		if (Files.size(this.file) == 0) {
			return;
		}
		try (Connection connection = openUnwritten();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
			String found = row.next() ? row.getString(1) : null;
			if (!"ok".equals(found)) {
				throw new SQLException("A page of the database is damaged: " + found);
			}
		}
	}

	/**
	 * The keys that seal values, read before anything is written.
	 * @return the keys, none if values are not sealed
	 * @throws SQLException if the file is not a database or cannot be read
	 * @throws IOException if the file cannot be read
	 */
	List<DataKeys.Row> dataKeys() throws SQLException, IOException {
		if (Files.size(this.file) == 0) {
			return List.of();
		}
		try (Connection connection = openUnwritten();
				Statement statement = connection.createStatement();
				ResultSet table = statement.executeQuery("SELECT 1 FROM sqlite_schema WHERE name = 'data_keys'")) {
			return table.next() ? DataKeys.rows(Statements.ofSqlite(connection)) : List.of();
		}
	}

	private Connection openUnwritten() throws SQLException {
		// SQLite makes a log even to read, unless it is told that nobody writes.
		String url = Files.exists(log()) ? this.url : this.url + "?immutable=1";
		return open(url, readOnly(), BUSY_TIMEOUT_MILLIS);
	}

	/**
	 * Writes the tables anew, so that nothing that was deleted is left in the file.
	 * @throws SQLException if the database refuses
	 */
	void vacuum() throws SQLException {
		try (Connection connection = openWriter(); Statement statement = connection.createStatement()) {
			statement.executeUpdate("VACUUM");
			emptyLog(statement);
		}
	}

	/**
	 * Moves the log into the database file, and empties it, while others read and write:
	 * old sessions and messages do not stay readable there.
	 * @throws SQLException if the database refuses, or they do not pause
	 * @throws IOException if the log cannot be seen
	 */
	void emptyLog() throws SQLException, IOException {
		Path log = log();
		if (Files.exists(log) && Files.size(log) > 0) {
			// The writer waits meanwhile, and less long than it can.
			try (Connection connection = open(this.url, new SQLiteConfig(), BUSY_TIMEOUT_MILLIS / 10);
					Statement statement = connection.createStatement()) {
				emptyLog(statement);
			}
		}
	}

	/**
	 * Begins the next generation of the database, while others read and write.
	 * @return which one it is
	 * @throws SQLException if the database refuses, or they do not pause
	 */
	long nextGeneration() throws SQLException {
		// What is not on the disk must not be in the file that is written then.
		try (Connection connection = openWriter()) {
			Statements statements = Statements.ofSqlite(connection);
			statements.update(Sql.NEXT_GENERATION);
			Long generation = statements.first(Sql.READ_GENERATION, (row) -> row.getLong(1));
			return (generation != null) ? generation : 0;
		}
	}

	private static void emptyLog(Statement statement) throws SQLException {
		try (ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
			if (row.getInt(1) != 0) {
				throw new SQLException("The log of the database is in use");
			}
		}
	}

	private Path log() {
		return this.file.resolveSibling(this.file.getFileName() + "-wal");
	}

	private static SQLiteConfig readOnly() {
		SQLiteConfig config = new SQLiteConfig();
		config.setReadOnly(true);
		return config;
	}

	private static Connection open(String url, SQLiteConfig config, int busyTimeoutMillis) throws SQLException {
		config.setBusyTimeout(busyTimeoutMillis);
		return DriverManager.getConnection(url, config.toProperties());
	}

	/**
	 * A setting of a connection.
	 *
	 * @param name its name
	 * @param value what it is set to
	 * @param shown how SQLite shows it
	 */
	record Pragma(String name, String value, String shown) {

		Pragma(String name, int value) {
			this(name, String.valueOf(value), String.valueOf(value));
		}

	}

}
