package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.StoreMovedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the whole state of an agent between its SQLite database and PostgreSQL: people
 * notice nothing. The new store has everything or nothing. The old one is left, and
 * refuses to be opened from then on with {@link StoreMovedException}: an agent that goes
 * on from both would use message keys twice.
 * <p>
 * What was interrupted is finished by doing it again; what was done is not done twice.
 */
public final class StoreMove {

	private static final Logger logger = LoggerFactory.getLogger(StoreMove.class);

	private StoreMove() {
	}

	/**
	 * Moves the state of an agent to PostgreSQL and opens its store there.
	 * @param root the directory under which the agent has its own
	 * @param oldKeys the keys of that store, or {@code null} if it is not encrypted
	 * @param stores the stores in PostgreSQL
	 * @param agentId the agent
	 * @param keys the keys of the new store, or {@code null} for one that is not
	 * encrypted
	 * @return the store
	 * @throws StoreImportException if there is nothing to move, or the agent has another
	 * store there
	 * @throws StoreInUseException if one of them is in use
	 * @throws StoreException if one of them cannot be opened, read or written
	 */
	public static AgentStore toPostgres(Path root, @Nullable EncryptionKeys oldKeys, PostgresStores stores,
			String agentId, @Nullable EncryptionKeys keys) {
		PostgresAgentStore.Shared shared = stores.migrated();
		requireStore(root, agentId);
		try (ClosedStore source = ClosedStore.sqlite(root, agentId, oldKeys);
				ClosedStore target = ClosedStore.postgres(shared, agentId, keys)) {
			move(source, target);
		}
		return stores.open(agentId, keys);
	}

	/**
	 * Moves the state of an agent from PostgreSQL into a directory and opens its store
	 * there.
	 * @param stores the stores in PostgreSQL
	 * @param oldKeys the keys of that store, or {@code null} if it is not encrypted
	 * @param root the directory under which the agent has or gets its own
	 * @param agentId the agent
	 * @param keys the keys of the new store, or {@code null} for one that is not
	 * encrypted
	 * @return the store
	 * @throws StoreImportException if there is nothing to move, or the agent has another
	 * store there
	 * @throws StoreInUseException if one of them is in use
	 * @throws StoreException if one of them cannot be opened, read or written
	 */
	public static AgentStore toSqlite(PostgresStores stores, @Nullable EncryptionKeys oldKeys, Path root,
			String agentId, @Nullable EncryptionKeys keys) {
		try (ClosedStore source = ClosedStore.postgres(stores.migrated(), agentId, oldKeys);
				ClosedStore target = ClosedStore.sqlite(root, agentId, keys)) {
			move(source, target);
		}
		return SqliteAgentStore.open(root, agentId, keys);
	}

	private static void requireStore(Path root, String agentId) {
		if (!ClosedStore.isInDirectory(root, agentId)) {
			throw new StoreImportException(
					"Nothing was moved: there is no store of agent '" + agentId + "' in " + root.toAbsolutePath(),
					null);
		}
	}

	private static void move(ClosedStore source, ClosedStore target) {
		State from = source.transact(State::read);
		State to = target.transact(State::read);
		if (!from.isThere()) {
			throw new StoreImportException("Nothing was moved: " + source + " has no state of the agent", null);
		}
		if (to.isThere() && to.movedTo() == null) {
			requireMovedBefore(source, from, target);
			return;
		}
		if (from.movedTo() != null && (to.isThere() || !from.movedTo().equals(target.toString()))) {
			throw new StoreMovedException(
					"Nothing was moved: the state in " + source + " was moved to " + from.movedTo() + " before");
		}
		// In this order: whenever this ends, at most one of the two can be opened, and
		// which one is the newer is clear.
		if (to.isThere()) {
			target.transact((statements) -> {
				StateCopy.deleteAll(statements);
				return null;
			});
		}
		target.forgetGeneration();
		source.transact((statements) -> statements.update(Sql.SET_MOVED_TO, target.toString()));
		boolean moved = false;
		try {
			Map<Table, Long> counts = source.transact((reading) -> target.transact(
					(writing) -> new StateCopy(reading, source.opens(reading), writing, target.seals(writing)).run()));
			moved = true;
			logger.info("Moved the state of the agent from {} to {}, where it is {}: {} sessions, {} accepted messages,"
					+ " {} that wait or are dead letters, {} frames to send. The old store is not opened any more;"
					+ " delete it when you are sure", source, target,
					target.isEncrypted() ? "encrypted" : "not encrypted", counts.get(Table.SESSIONS),
					counts.get(Table.RECEIPTS), counts.get(Table.MESSAGES), counts.get(Table.OUTBOX));
		}
		finally {
			if (!moved && !target.transact(State::read).isThere()) {
				source.transact((statements) -> statements.update(Sql.SET_MOVED_TO, (Object) null));
			}
		}
	}

	private static void requireMovedBefore(ClosedStore source, State from, ClosedStore target) {
		if (from.movedTo() == null) {
			throw new StoreImportException("Nothing was moved: the agent has a store in " + target + ", and " + source
					+ " was never moved there. Move one of them away", null);
		}
		logger.info("Nothing is moved from {} to {}: that was done before", source, target);
	}

	/**
	 * Whether a store has the state of the agent.
	 *
	 * @param isThere whether it has
	 * @param movedTo where it was moved, or {@code null} if it is still here
	 */
	private record State(boolean isThere, @Nullable String movedTo) {

		static State read(Statements statements) throws SQLException {
			return new State(OwnIdentity.isStored(statements),
					statements.first(Sql.READ_MOVED_TO, (row) -> row.getString(1)));
		}

	}

}
