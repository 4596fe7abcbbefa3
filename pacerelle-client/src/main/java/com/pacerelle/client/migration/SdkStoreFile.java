package com.pacerelle.client.migration;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.pacerelle.client.store.StoreImportException;
import org.sqlite.SQLiteConfig;

/**
 * The file {@code signal.db} of the Python SDK: an SQLite database with one row that has
 * everything. It is only read.
 */
final class SdkStoreFile {

	/** Where SQLite locks a file that it reads, as its file format says. */
	private static final long SHARED_LOCK = 0x4000_0002L;

	private static final long SHARED_LOCK_SIZE = 510;

	private final Path file;

	SdkStoreFile(Path file) {
		this.file = file;
	}

	/**
	 * Reads the state of the agent.
	 * @return the state as the SDK has written it, which holds secrets
	 * @throws StoreImportException if the file is missing, damaged or in use
	 */
	byte[] read() {
		if (!Files.isRegularFile(this.file)) {
			throw new StoreImportException("There is no file " + this.file + ": the Python SDK keeps the store of an"
					+ " agent in <store root>/<agent id>/signal.db, by default under ~/.myagents", null);
		}
		if (isInUse()) {
			throw new StoreImportException("The store of the Python SDK in " + this.file + " is in use: stop the Python"
					+ " agent first. Two agents with the same sessions would use the same message keys", null);
		}
		try (Connection connection = open(); Statement statement = connection.createStatement()) {
			try (ResultSet check = statement.executeQuery("PRAGMA quick_check(1)")) {
				if (!check.next() || !"ok".equals(check.getString(1))) {
					throw new SQLException("A page of the database is damaged");
				}
			}
			try (ResultSet row = statement.executeQuery("SELECT blob FROM signal_snapshot WHERE id = 1")) {
				byte[] state = row.next() ? row.getBytes(1) : null;
				if (state == null) {
					throw new StoreImportException(
							"The store of the Python SDK in " + this.file + " is empty: no agent" + " has run with it",
							null);
				}
				return state;
			}
		}
		catch (SQLException ex) {
			throw new StoreImportException("The file " + this.file + " cannot be read as a store of the Python SDK: it"
					+ " is damaged, or another file. Import a copy that is whole, together with its signal.db-wal", ex);
		}
	}

	private Connection open() throws SQLException {
		SQLiteConfig config = new SQLiteConfig();
		config.setReadOnly(true);
		// SQLite makes a log even to read, unless it is told that nobody writes.
		boolean log = Files.exists(this.file.resolveSibling(this.file.getFileName() + "-wal"));
		return DriverManager.getConnection("jdbc:sqlite:" + this.file.toUri() + (log ? "" : "?immutable=1"),
				config.toProperties());
	}

	/**
	 * Whether a process has the database open: SQLite keeps a shared lock on it as long
	 * as it uses a write-ahead log. The driver cannot tell, because others may read.
	 */
	private boolean isInUse() {
		if (!Files.isWritable(this.file)) {
			// Nobody can lock it.
			return false;
		}
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE);
				FileLock lock = channel.tryLock(SHARED_LOCK, SHARED_LOCK_SIZE, false)) {
			return lock == null;
		}
		catch (OverlappingFileLockException ex) {
			return true;
		}
		catch (IOException ex) {
			throw new StoreImportException("The file " + this.file + " cannot be locked", ex);
		}
	}

}
