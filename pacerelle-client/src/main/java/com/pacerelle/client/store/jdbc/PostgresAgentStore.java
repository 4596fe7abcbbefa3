package com.pacerelle.client.store.jdbc;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * The store of an agent in a PostgreSQL database that it shares with others.
 */
final class PostgresAgentStore extends JdbcAgentStore implements SharedStore {

	private final Shared shared;

	private final String agentId;

	PostgresAgentStore(Shared shared, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) {
		super((first) -> start(shared, agentId, keys, first ? initialState : null, random));
		this.shared = shared;
		this.agentId = agentId;
	}

	@Override
	public @Nullable LeaseHolder holder() {
		return (place() instanceof Lease lease && !lease.isLost()) ? lease.holder() : null;
	}

	@Override
	public Watch watch(LeaseListener listener) {
		return this.shared.locks().watch(this.agentId, listener);
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + "[" + Lease.describe(this.agentId) + "]";
	}

	private static Open start(Shared shared, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) {
		Lease lease = null;
		Open open = null;
		try {
			shared.migration().run();
			lease = shared.locks().take(agentId);
			open = start(shared, lease, agentId, keys, initialState, random);
			return open;
		}
		catch (SQLException ex) {
			throw new StoreException(
					"The store in " + Lease.describe(agentId) + " cannot be opened: see the cause, and"
							+ " whether the user of the data source may use the schema '" + PostgresSchema.NAME + "'",
					ex);
		}
		finally {
			if (lease != null && open == null) {
				lease.close();
			}
		}
	}

	private static Open start(Shared shared, Lease lease, String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) throws SQLException {
		PostgresWriter writer = new PostgresWriter(shared.dataSource(), shared.writers(), lease, shared.leaseTime());
		try {
			Statements statements = writer.begin();
			DataKeys dataKeys = DataKeys.open(DataKeys.rows(statements), keys, lease.toString(), random);
			if (dataKeys != null) {
				dataKeys.begin(statements);
			}
			OwnIdentity identity = identity(statements, dataKeys, initialState, random);
			writer.commit();
			Reads reads = new PostgresReads(shared.dataSource(), shared.readers(), lease.number());
			return start(lease.toString(), identity, agentId, dataKeys, reads, writer, () -> {
			}, lease);
		}
		finally {
			writer.rollBack();
		}
	}

	/**
	 * What the stores of all agents share.
	 *
	 * @param dataSource the application's data source
	 * @param locks locks agents
	 * @param leaseTime how long a transaction may hang
	 * @param writers how many connections write at a time
	 * @param readers how many connections read at a time
	 * @param migration makes the tables, if it has not yet
	 */
	record Shared(DataSource dataSource, AgentLocks locks, Duration leaseTime, Semaphore writers, Semaphore readers,
			Runnable migration) {
	}

}
