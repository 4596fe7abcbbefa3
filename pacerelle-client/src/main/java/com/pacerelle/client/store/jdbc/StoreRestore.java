package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.signal.session.SessionCipher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares that the store of an agent is an old backup which was put back: the agent has
 * sent messages since that the store does not know of, and must not use their keys again.
 * <p>
 * All sessions read as before, and send nothing until the next message of the person that
 * answers the agent has made new keys. Prekeys get ids that none can have had, and new
 * ones are published. To do this once is enough; each time, sessions are closed for
 * sending.
 */
public final class StoreRestore {

	/** More prekeys than an agent makes in centuries. */
	private static final int SKIPPED_PREKEY_IDS = 1_000_000;

	private static final Logger logger = LoggerFactory.getLogger(StoreRestore.class);

	private StoreRestore() {
	}

	/**
	 * Declares the store of an agent to be restored, and opens it.
	 * @param root the directory under which the agent has its own
	 * @param agentId the agent
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws StoreException if it cannot be opened, read or written
	 */
	public static AgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys) {
		if (ClosedStore.isInDirectory(root, agentId)) {
			try (ClosedStore store = ClosedStore.sqlite(root, agentId, keys)) {
				restore(store);
				store.forgetGeneration();
			}
		}
		return SqliteAgentStore.open(root, agentId, keys);
	}

	/**
	 * Declares the store of an agent in PostgreSQL to be restored, and opens it.
	 * @param stores the stores
	 * @param agentId the agent
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws StoreException if it cannot be opened, read or written
	 */
	public static AgentStore open(PostgresStores stores, String agentId, @Nullable EncryptionKeys keys) {
		try (ClosedStore store = ClosedStore.postgres(stores.migrated(), agentId, keys)) {
			restore(store);
		}
		return stores.open(agentId, keys);
	}

	private static void restore(ClosedStore store) {
		Integer sessions = store.transact((statements) -> {
			if (!OwnIdentity.isStored(statements)) {
				return null;
			}
			Seal seal = store.seals(statements);
			int current = close(statements, seal, SealedColumn.SESSION);
			close(statements, seal, SealedColumn.ARCHIVED_SESSION);
			OwnIdentity.reservePreKeyIds(statements, SKIPPED_PREKEY_IDS);
			statements.update(Sql.FORGET_CURRENT_PREKEYS);
			// The relay may have them, and have handed them out.
			for (String kind : List.of(PreKeyRows.ONE_TIME, PreKeyRows.SIGNED, PreKeyRows.KYBER)) {
				statements.update(Sql.SET_ALL_PREKEYS_PUBLISHED, kind);
			}
			return current;
		});
		if (sessions != null) {
			logger.warn(
					"The store in {} was declared to be a restored backup: {} sessions send nothing until the"
							+ " person has answered, or started a new one. Do not declare it again at the next start",
					store, sessions);
		}
	}

	private static int close(Statements statements, Seal seal, SealedColumn column) throws SQLException {
		int closed = 0;
		SealedRows page = SealedRows.read(statements, column, null);
		while (!page.isEmpty()) {
			for (SealedRows.Row row : page.rows()) {
				closed += close(statements, seal, column, row) ? 1 : 0;
			}
			page = SealedRows.read(statements, column, page);
		}
		return closed;
	}

	private static boolean close(Statements statements, Seal seal, SealedColumn column, SealedRows.Row row)
			throws SQLException {
		byte[] session = seal.open(column, row.value(), row.key());
		byte[] closed;
		try {
			closed = SessionCipher.closeForSending(session);
		}
		catch (IllegalStateException ex) {
			// Nothing can be sent with what cannot be read.
			return false;
		}
		byte[] sealed = seal.seal(column, closed, row.key());
		SealedRows.replace(statements, column, row.key(), sealed);
		if (sealed != closed) {
			Arrays.fill(closed, (byte) 0);
		}
		return true;
	}

}
