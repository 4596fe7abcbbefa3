package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.migration.SdkStoreImport;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.ApplicationTransactions;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.client.store.jdbc.StoreMove;
import com.pacerelle.client.store.jdbc.StoreRestore;
import com.pacerelle.spring.client.RestartableClient;
import com.pacerelle.spring.connect.SharedAgents;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Opens the stores of agents where the properties say.
 */
final class AgentStores {

	private static final String JDBC = "jdbc";

	private final @Nullable EncryptionKeys keys;

	private final StoreType type;

	private final @Nullable PostgresStores postgres;

	private final boolean restored;

	private final boolean standby;

	private AgentStores(@Nullable EncryptionKeys keys, StoreType type, @Nullable PostgresStores postgres,
			PacerelleProperties.Store store) {
		this.keys = keys;
		this.type = type;
		this.restored = store.restored();
		this.postgres = postgres;
		this.standby = store.standby();
	}

	/**
	 * Creates the stores; none is opened yet.
	 * @param store the properties
	 * @param type where the stores are, which is not what the properties say in a
	 * development run
	 * @param keys the application's keys
	 * @param dataSource the application's data source
	 * @param transactions those of the data source
	 * @return the stores
	 */
	static AgentStores of(PacerelleProperties.Store store, StoreType type, ObjectProvider<EncryptionKeys> keys,
			ObjectProvider<DataSource> dataSource, ObjectProvider<ApplicationTransactions> transactions) {
		boolean postgres = type == StoreType.JDBC || (type == store.type() && JDBC.equals(store.importFrom()));
		return new AgentStores(PropertiesEncryptionKeys.of(store, keys), type,
				postgres ? postgres(required(dataSource, (type == StoreType.JDBC) ? "type" : "import-from"),
						store.leaseTime(), transactions.getIfUnique(() -> ApplicationTransactions.NONE)) : null,
				store);
	}

	private static PostgresStores postgres(DataSource dataSource, Duration leaseTime,
			ApplicationTransactions transactions) {
		try {
			return new PostgresStores(dataSource, leaseTime, transactions);
		}
		catch (IllegalArgumentException ex) {
			throw PacerelleConfigurationException.invalid("'pacerelle.store.lease-time'",
					"is out of bounds: " + ex.getMessage());
		}
	}

	static DataSource required(ObjectProvider<DataSource> dataSource, String property) {
		DataSource found = dataSource.getIfUnique();
		if (found == null) {
			throw new PacerelleConfigurationException("'pacerelle.store." + property
					+ "' is 'jdbc', and there is no bean of type DataSource, or several of which none is primary.",
					"Add 'spring-boot-starter-jdbc' and the driver 'org.postgresql:postgresql', and set"
							+ " 'spring.datasource.url' to a PostgreSQL database. Of several data sources, make the one"
							+ " for agents primary.");
		}
		return found;
	}

	/**
	 * How several processes share the agents of an application that people install.
	 * @param application its client id
	 * @param pinned the ids of agents that are for this process
	 * @return how, or {@code null} if each process has its own
	 */
	@Nullable SharedAgents shared(String application, Set<String> pinned) {
		if (this.type != StoreType.JDBC) {
			return null;
		}
		PostgresStores stores = postgres();
		return new SharedAgents(stores.installations(application, this.keys),
				(agentId) -> stores.closed(agentId, this.keys, null), pinned);
	}

	/**
	 * Opens the store of an agent.
	 * @param settings the agent
	 * @return the store
	 */
	AgentStore open(AgentGatewaySettings settings) {
		if (this.restored) {
			return (this.type == StoreType.JDBC) ? StoreRestore.open(postgres(), settings.agentId(), this.keys)
					: StoreRestore.open(settings.storeRoot(), settings.agentId(), this.keys);
		}
		return (this.type == StoreType.JDBC) ? postgres().open(settings.agentId(), this.keys)
				: SqliteAgentStore.open(settings.storeRoot(), settings.agentId(), this.keys);
	}

	/**
	 * Opens the store of an agent, with the state that it has elsewhere if it is new.
	 * @param settings the agent
	 * @param importFrom the file of the Python SDK, the directory with SQLite stores, or
	 * 'jdbc' for PostgreSQL
	 * @return the store
	 */
	AgentStore open(AgentGatewaySettings settings, Path importFrom) {
		String agentId = settings.agentId();
		boolean fromPostgres = importFrom.equals(Path.of(JDBC));
		if (!fromPostgres && !Files.isDirectory(importFrom)) {
			return (this.type == StoreType.JDBC) ? SdkStoreImport.open(importFrom, postgres(), agentId, this.keys)
					: SdkStoreImport.open(importFrom, settings.storeRoot(), agentId, this.keys);
		}
		if (fromPostgres == (this.type == StoreType.JDBC) || this.postgres == null) {
			throw new PacerelleConfigurationException(
					"'pacerelle.store.import-from' names the kind of store that 'pacerelle.store.type' names, too, or"
							+ " this is a development run.",
					"To move the state of the agent to PostgreSQL, set 'pacerelle.store.type' to 'jdbc' and"
							+ " 'pacerelle.store.import-from' to the directory with the SQLite stores; to move it back,"
							+ " set them to 'sqlite' and 'jdbc'. Else remove 'pacerelle.store.import-from'.");
		}
		return fromPostgres ? StoreMove.toSqlite(this.postgres, this.keys, settings.storeRoot(), agentId, this.keys)
				: StoreMove.toPostgres(importFrom, this.keys, this.postgres, agentId, this.keys);
	}

	private PostgresStores postgres() {
		PostgresStores stores = this.postgres;
		if (stores == null) {
			throw new IllegalStateException("No data source was asked for");
		}
		return stores;
	}

	/**
	 * Opens the store of an agent. One that several processes share stays closed while
	 * another one has the agent.
	 * @param settings the settings of the agent
	 * @param importFrom what a new store is created from, or {@code null}
	 * @return the store
	 */
	AgentStore openOrStandBy(AgentGatewaySettings settings, @Nullable Path importFrom) {
		try {
			return (importFrom != null) ? open(settings, importFrom) : open(settings);
		}
		catch (StoreInUseException ex) {
			if (this.type != StoreType.JDBC || !this.standby) {
				throw ex;
			}
			return postgres().closed(settings.agentId(), this.keys, (importFrom != null) ? AgentStores::missed : null);
		}
	}

	/**
	 * Makes a client that can be started again, and stands by where its store can.
	 * @param store the store of the agent
	 * @param properties whether it is to stand by
	 * @param clients makes a client that is not started
	 * @return the client
	 */
	static AgentGatewayClient client(AgentStore store, PacerelleProperties.Store properties,
			Supplier<AgentGatewayClient> clients) {
		return (properties.standby() && store instanceof SharedStore shared)
				? RestartableClient.withStandby(shared, clients) : new RestartableClient(store, clients);
	}

	/** Never happens, unless the other process ends before it has imported anything. */
	private static InitialState missed() {
		throw new StoreImportException(
				"Another process was about to import the store, and has not: start this one anew", null);
	}

}
