package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;

import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.signal.CryptoProvider;
import org.jspecify.annotations.Nullable;

/**
 * A store that no agent uses, locked, to work on all of its rows.
 */
final class ClosedStore implements AutoCloseable {

	private final JdbcAgentStore.Place place;

	private final Writer writer;

	private final @Nullable EncryptionKeys keys;

	private ClosedStore(JdbcAgentStore.Place place, Writer writer, @Nullable EncryptionKeys keys) {
		this.place = place;
		this.writer = writer;
		this.keys = keys;
	}

	/**
	 * Locks a store in a directory, and brings its tables up to date.
	 * @param root the directory above it
	 * @param agentId the agent
	 * @param keys the keys, or {@code null}
	 * @return the store, to be closed
	 * @throws StoreException if it is in use or cannot be opened
	 */
	static ClosedStore sqlite(Path root, String agentId, @Nullable EncryptionKeys keys) {
		StoreDirectory directory = StoreDirectory.take(root, agentId);
		ClosedStore store = null;
		try {
			Database database = new Database(directory.database());
			database.verifyPages();
			Connection connection = database.openWriter();
			SqliteWriter writer = new SqliteWriter(connection);
			store = new ClosedStore(directory, writer, keys);
			writer.begin();
			Schema.migrate(connection, directory);
			writer.commit();
			return store;
		}
		catch (SQLException | IOException ex) {
			throw store(directory.toString(), ex);
		}
		finally {
			if (store == null) {
				directory.close();
			}
		}
	}

	/**
	 * Whether there is a store in a directory.
	 * @param root the directory above it
	 * @param agentId the agent
	 * @return whether it has a database
	 */
	static boolean isInDirectory(Path root, String agentId) {
		try {
			Path file = root.resolve(agentId).resolve(StoreDirectory.DATABASE);
			return Files.exists(file) && Files.size(file) > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Locks a store in PostgreSQL.
	 * @param shared what stores share there
	 * @param agentId the agent
	 * @param keys the keys, or {@code null}
	 * @return the store, to be closed
	 * @throws StoreException if it is in use or the database fails
	 */
	static ClosedStore postgres(PostgresAgentStore.Shared shared, String agentId, @Nullable EncryptionKeys keys) {
		try {
			Lease lease = shared.locks().take(agentId);
			return new ClosedStore(lease,
					new PostgresWriter(shared.dataSource(), shared.writers(), lease, shared.leaseTime()), keys);
		}
		catch (SQLException ex) {
			throw store(Lease.describe(agentId), ex);
		}
	}

	/**
	 * Runs in one transaction.
	 * @param <T> what comes of it
	 * @param work what is done
	 * @return what comes of it
	 * @throws StoreException if the database fails
	 */
	<T extends @Nullable Object> T transact(Work<T> work) {
		try {
			Statements statements = this.writer.begin();
			boolean committed = false;
			try {
				T result = work.run(statements);
				this.writer.commit();
				committed = true;
				return result;
			}
			finally {
				if (!committed) {
					this.writer.rollBack();
				}
			}
		}
		catch (SQLException ex) {
			throw store(toString(), ex);
		}
	}

	/**
	 * What opens the values of the store.
	 * @param statements run in a transaction
	 * @return opens what is sealed, or takes values as they are
	 * @throws SQLException if the database refuses
	 */
	Seal opens(Statements statements) throws SQLException {
		DataKeys dataKeys = DataKeys.open(DataKeys.rows(statements), this.keys, toString(), random());
		return (dataKeys == null || DataKeys.rows(statements).isEmpty()) ? Seal.NONE : dataKeys;
	}

	/**
	 * What opens and seals the values of the store, after it has sealed what was not.
	 * @param statements run in a transaction
	 * @return seals if there are keys
	 * @throws SQLException if the database refuses
	 */
	Seal seals(Statements statements) throws SQLException {
		DataKeys dataKeys = DataKeys.open(DataKeys.rows(statements), this.keys, toString(), random());
		if (dataKeys == null) {
			return Seal.NONE;
		}
		if (dataKeys.begin(statements) && this.place instanceof StoreDirectory) {
			statements.update(Sql.SET_VACUUM_DUE, 1);
		}
		return dataKeys;
	}

	private static SecureRandom random() {
		return CryptoProvider.secureRandom();
	}

	/** Another state takes the place of the one that was remembered beside it. */
	void forgetGeneration() {
		try {
			if (this.place instanceof StoreDirectory directory) {
				directory.generation().delete();
			}
		}
		catch (IOException ex) {
			throw store(toString(), ex);
		}
	}

	boolean isEncrypted() {
		return this.keys != null;
	}

	private static StoreException store(String place, Exception cause) {
		return new StoreException("The store in " + place + " cannot be opened, read or written: see the cause", cause);
	}

	@Override
	public void close() {
		try {
			this.writer.close();
		}
		catch (SQLException ex) {
			throw store(toString(), ex);
		}
		finally {
			this.place.close();
		}
	}

	@Override
	public String toString() {
		return this.place.toString();
	}

	/**
	 * What is done in one transaction.
	 *
	 * @param <T> what comes of it
	 */
	@FunctionalInterface
	interface Work<T extends @Nullable Object> {

		T run(Statements statements) throws SQLException;

	}

}
