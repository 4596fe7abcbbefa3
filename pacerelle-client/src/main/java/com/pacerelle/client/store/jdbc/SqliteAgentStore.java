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
import com.pacerelle.client.store.StoreOutdatedException;
import com.pacerelle.signal.CryptoProvider;
import com.pacerelle.signal.EcPublicKey;
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
	 * @throws StoreOutdatedException if its database is of an old backup
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
	 * @throws StoreOutdatedException if its database is of an old backup
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
	 * @throws StoreOutdatedException if its database is of an old backup
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
			long generation = nextGeneration(statements, directory, identity);
			statements.update(Sql.COMMIT);
			remember(directory.generation(), identity, generation);
			if (statements.first(Sql.IS_VACUUM_DUE, (row) -> true) != null) {
				database.vacuum();
				statements.update(Sql.SET_VACUUM_DUE, 0);
			}
			return start(name, identity, agentId, dataKeys, new ReadPool(database), new SqliteWriter(connection),
					new Chore(database, directory.generation(), identity.keyPair().publicKey()), directory);
		}
		catch (SQLException | RuntimeException | Error ex) {
			connection.close();
			throw ex;
		}
	}

	private static long nextGeneration(Statements statements, StoreDirectory directory, OwnIdentity identity)
			throws SQLException, IOException {
		long reached = directory.generation().read(identity.keyPair().publicKey());
		Long stored = statements.first(Sql.READ_GENERATION, (row) -> row.getLong(1));
		if (stored == null || stored < reached) {
			throw new StoreOutdatedException("The database in " + directory + " is of an old backup: its agent has gone"
					+ " on since (generation " + reached + ", the database has " + stored + "). It would use message"
					+ " keys twice. Put the newest database back; if there is none, declare that a backup was"
					+ " restored");
		}
		statements.update(Sql.NEXT_GENERATION);
		return stored + 1;
	}

	private static void remember(GenerationFile file, OwnIdentity identity, long generation) {
		try {
			file.write(identity.keyPair().publicKey(), generation);
		}
		catch (IOException ex) {
			// Without it, an older database is not recognised, and all else works.
		}
	}

	/** Once a minute, and once an hour the next generation. */
	private static final class Chore implements Upkeep.Chore {

		private static final int MINUTES = 60;

		private final Database database;

		private final GenerationFile file;

		private final EcPublicKey identity;

		private int minutes;

		Chore(Database database, GenerationFile file, EcPublicKey identity) {
			this.database = database;
			this.file = file;
			this.identity = identity;
		}

		@Override
		public void run() throws SQLException, IOException {
			this.minutes++;
			if (this.minutes % MINUTES == 0) {
				this.file.write(this.identity, this.database.nextGeneration());
			}
			this.database.emptyLog();
		}

	}

}
