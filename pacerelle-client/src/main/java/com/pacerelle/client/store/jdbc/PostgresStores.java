package com.pacerelle.client.store.jdbc;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.ApplicationTransactions;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.SharedInstallations;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.signal.CryptoProvider;
import org.jspecify.annotations.Nullable;

/**
 * Stores in the PostgreSQL database of an application: all agents share the tables of the
 * schema {@code pacerelle}, which the first one creates. However many agents there are,
 * at most {@value #MAX_CONNECTIONS} connections of the data source are in use: one that
 * holds the locks of all agents as long as one is open, some that write, each for one
 * transaction, and some that read, each for one query. What is committed is on the disk
 * of the server.
 */
public final class PostgresStores {

	/** How many connections of the data source are in use at most. */
	public static final int MAX_CONNECTIONS = 5;

	private static final int WRITERS = 2;

	private static final int READERS = MAX_CONNECTIONS - WRITERS - 1;

	/** How long a process that hangs has its agents unless another time is set. */
	public static final Duration DEFAULT_LEASE_TIME = Duration.ofSeconds(5);

	private static final Duration MIN_LEASE_TIME = Duration.ofSeconds(2);

	private static final Duration MAX_LEASE_TIME = Duration.ofMinutes(5);

	private final DataSource dataSource;

	private final PostgresAgentStore.Shared shared;

	private boolean migrated;

	/**
	 * Creates the stores with {@link #DEFAULT_LEASE_TIME}; the database is not needed
	 * yet.
	 * @param dataSource the data source, with room for as many connections and one for
	 * the application
	 */
	public PostgresStores(DataSource dataSource) {
		this(dataSource, DEFAULT_LEASE_TIME);
	}

	/**
	 * Creates the stores; the database is not needed yet.
	 * @param dataSource as above
	 * @param leaseTime as below
	 */
	public PostgresStores(DataSource dataSource, Duration leaseTime) {
		this(dataSource, leaseTime, ApplicationTransactions.NONE);
	}

	/**
	 * Creates the stores; the database is not needed yet.
	 * @param dataSource as above
	 * @param leaseTime after what time the server takes its agents from a process that it
	 * hears nothing of, because it hangs or is cut off: 2 seconds to 5 minutes
	 * @param transactions the transactions of the application that the stores take part
	 * in
	 */
	public PostgresStores(DataSource dataSource, Duration leaseTime, ApplicationTransactions transactions) {
		if (leaseTime.compareTo(MIN_LEASE_TIME) < 0 || leaseTime.compareTo(MAX_LEASE_TIME) > 0) {
			throw new IllegalArgumentException("The lease time must be between " + MIN_LEASE_TIME.toSeconds()
					+ " seconds and " + MAX_LEASE_TIME.toMinutes() + " minutes, not " + leaseTime);
		}
		this.dataSource = dataSource;
		this.shared = new PostgresAgentStore.Shared(dataSource, transactions,
				new AgentLocks(dataSource, leaseTime, InstanceName.create()), leaseTime, new Semaphore(WRITERS),
				new Semaphore(READERS), this::migrate);
	}

	/**
	 * Opens the store of an agent, and creates it when it does not exist. With keys, one
	 * that was not encrypted becomes so, which takes longer once.
	 * @param agentId the agent
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws EncryptionKeyException if it is encrypted, and its key is missing or wrong
	 * @throws StoreException if it cannot be opened, or the database is not PostgreSQL
	 */
	public AgentStore open(String agentId, @Nullable EncryptionKeys keys) {
		return open(agentId, keys, CryptoProvider.secureRandom());
	}

	/**
	 * Opens the store of an agent, and creates it with the state that the agent has
	 * elsewhere when it does not exist. One that exists stays as it is.
	 * @param agentId the agent
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @param initialState asked only if the store is new; if it fails, the store stays
	 * new
	 * @return the store
	 * @throws StoreInUseException if it is in use
	 * @throws EncryptionKeyException if it is encrypted, and its key is missing or wrong
	 * @throws StoreException if it cannot be opened, or the database is not PostgreSQL
	 */
	public AgentStore open(String agentId, @Nullable EncryptionKeys keys, Supplier<InitialState> initialState) {
		return open(agentId, keys, initialState, CryptoProvider.secureRandom());
	}

	AgentStore open(String agentId, @Nullable EncryptionKeys keys, SecureRandom random) {
		return open(agentId, keys, null, random);
	}

	private AgentStore open(String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState, SecureRandom random) {
		PostgresAgentStore store = new PostgresAgentStore(this.shared, agentId, keys, initialState, random);
		store.reopen();
		return store;
	}

	/**
	 * The store of an agent that may be in use, to be opened with
	 * {@link SharedStore#reopen()} once it is free.
	 * @param agentId the agent
	 * @param keys the keys, or {@code null} for a store that is not encrypted
	 * @param initialState asked only if the store is new, {@code null} for an agent that
	 * is new itself
	 * @return the store, which is closed
	 */
	public SharedStore closed(String agentId, @Nullable EncryptionKeys keys,
			@Nullable Supplier<InitialState> initialState) {
		return new PostgresAgentStore(this.shared, agentId, keys, initialState, CryptoProvider.secureRandom());
	}

	/** What the stores share, once there are tables. */
	PostgresAgentStore.Shared migrated() {
		migrate();
		return this.shared;
	}

	/**
	 * The installations of an application that people install, with their tokens. With
	 * keys, tokens are encrypted.
	 * @param application the client id of the application
	 * @param keys the keys, or {@code null}
	 * @return the installations
	 */
	public SharedInstallations installations(String application, @Nullable EncryptionKeys keys) {
		return new PostgresInstallations(application, this.dataSource, this.shared.locks(), this.shared.readers(),
				this::migrate, new InstallationSeal(keys, CryptoProvider.secureRandom()));
	}

	private synchronized void migrate() {
		if (this.migrated) {
			return;
		}
		try (Connection connection = this.dataSource.getConnection()) {
			PostgresSchema.migrate(connection);
			this.migrated = true;
		}
		catch (SQLException ex) {
			throw new StoreException("The schema '" + PostgresSchema.NAME + "' cannot be read or created: make the"
					+ " database reachable, and let its user create a schema, or run the scripts postgresql-*.sql of"
					+ " this version before", ex);
		}
	}

}
