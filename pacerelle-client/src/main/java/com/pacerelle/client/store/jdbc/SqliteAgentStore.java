package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.signal.CryptoProvider;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store: one SQLite database for each agent, in
 * {@code <root>/<agent id>/agent.db}. Only its owner can read it, where the file system
 * knows owners.
 */
public final class SqliteAgentStore extends JdbcAgentStore {

	private SqliteAgentStore(Path root, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) {
		super((first) -> start(root, agentId, keys, first ? initialState : null, random));
		reopen();
	}

	/**
	 * Opens the store of an agent, and creates it when it does not exist.
	 * @param root the directory under which each agent has its own
	 * @param agentId the agent: 1 to 128 letters, digits, {@code -}, {@code _}, {@code @}
	 * and {@code .}, which does not come first
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId) {
		return open(root, agentId, null);
	}

	/**
	 * Opens the store of an agent whose secrets are encrypted, and creates it when it
	 * does not exist. One that was not encrypted becomes so, which takes longer once.
	 * @param root the directory under which each agent has its own
	 * @param agentId as above
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws EncryptionKeyException if it is encrypted, and its key is missing or wrong
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys) {
		return open(root, agentId, keys, CryptoProvider.secureRandom());
	}

	/**
	 * Opens the store of an agent, and creates it with the state that the agent has
	 * elsewhere when it does not exist. One that exists stays as it is.
	 * @param root the directory under which each agent has its own
	 * @param agentId as above
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @param initialState asked only if the store is new; if it fails, the store stays
	 * new
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws EncryptionKeyException if it is encrypted, and its key is missing or wrong
	 * @throws StoreException if it cannot be opened
	 */
	public static AgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys,
			Supplier<InitialState> initialState) {
		return new SqliteAgentStore(root, agentId, keys, initialState, CryptoProvider.secureRandom());
	}

	static SqliteAgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys, SecureRandom random) {
		return new SqliteAgentStore(root, agentId, keys, null, random);
	}

	private static Open start(Path root, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) {
		StoreDirectory directory = StoreDirectory.take(root, agentId);
		try {
			return start(directory, agentId, keys, initialState, random);
		}
		catch (SQLException | IOException ex) {
			directory.close();
			throw new StoreException("The store in " + directory + " cannot be opened: if its file is damaged, put a"
					+ " backup back, or move the directory away; the agent then gets a new identity, which people"
					+ " have to verify again", ex);
		}
		catch (RuntimeException | Error ex) {
			directory.close();
			throw ex;
		}
	}

	private static Open start(StoreDirectory directory, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) throws SQLException, IOException {
		Database database = new Database(directory.database());
		database.verifyPages();
		String name = directory.toString();
		DataKeys dataKeys = DataKeys.open(database.dataKeys(), keys, name, random);
		Connection connection = database.openWriter();
		try {
			Statements statements = Statements.ofSqlite(connection);
			statements.update(Sql.BEGIN);
			Schema.migrate(connection, directory);
			if (dataKeys != null && dataKeys.begin(statements)) {
				// Until then, what was not sealed can be in pages that are not used now.
				statements.update(Sql.SET_VACUUM_DUE, 1);
			}
			OwnIdentity identity = identity(statements, dataKeys, initialState, random);
			statements.update(Sql.COMMIT);
			if (statements.first(Sql.IS_VACUUM_DUE, (row) -> true) != null) {
				database.vacuum();
				statements.update(Sql.SET_VACUUM_DUE, 0);
			}
			return start(name, identity, agentId, dataKeys, new ReadPool(database), new SqliteWriter(connection),
					database::emptyLog, directory);
		}
		catch (SQLException | RuntimeException | Error ex) {
			connection.close();
			throw ex;
		}
	}

}
