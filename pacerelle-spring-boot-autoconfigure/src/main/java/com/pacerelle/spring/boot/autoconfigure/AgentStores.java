package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import java.util.Set;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.migration.SdkStoreImport;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.InitialState;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.spring.connect.SharedAgents;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Opens the stores of agents where the properties say.
 */
final class AgentStores {

	private final @Nullable EncryptionKeys keys;

	private final @Nullable PostgresStores postgres;

	private final boolean standby;

	private AgentStores(@Nullable EncryptionKeys keys, @Nullable PostgresStores postgres, boolean standby) {
		this.keys = keys;
		this.postgres = postgres;
		this.standby = standby;
	}

	/**
	 * Creates the stores; none is opened yet.
	 * @param store the properties
	 * @param type where the stores are, which is not what the properties say in a
	 * development run
	 * @param keys the application's keys
	 * @param dataSource the application's data source
	 * @return the stores
	 */
	static AgentStores of(PacerelleProperties.Store store, StoreType type, ObjectProvider<EncryptionKeys> keys,
			ObjectProvider<DataSource> dataSource) {
		return new AgentStores(PropertiesEncryptionKeys.of(store, keys),
				(type == StoreType.JDBC) ? postgres(required(dataSource), store.leaseTime()) : null, store.standby());
	}

	private static PostgresStores postgres(DataSource dataSource, Duration leaseTime) {
		try {
			return new PostgresStores(dataSource, leaseTime);
		}
		catch (IllegalArgumentException ex) {
			throw PacerelleConfigurationException.invalid("'pacerelle.store.lease-time'",
					"is out of bounds: " + ex.getMessage());
		}
	}

	private static DataSource required(ObjectProvider<DataSource> dataSource) {
		DataSource found = dataSource.getIfUnique();
		if (found == null) {
			throw new PacerelleConfigurationException(
					"'pacerelle.store.type' is 'jdbc', and there is no bean of type DataSource, or several of which"
							+ " none is primary.",
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
		PostgresStores stores = this.postgres;
		return (stores != null) ? new SharedAgents(stores.installations(application, this.keys),
				(agentId) -> stores.closed(agentId, this.keys, null), pinned) : null;
	}

	AgentStore open(AgentGatewaySettings settings) {
		return (this.postgres != null) ? this.postgres.open(settings.agentId(), this.keys)
				: SqliteAgentStore.open(settings.storeRoot(), settings.agentId(), this.keys);
	}

	AgentStore open(AgentGatewaySettings settings, Path importFrom) {
		return (this.postgres != null) ? SdkStoreImport.open(importFrom, this.postgres, settings.agentId(), this.keys)
				: SdkStoreImport.open(importFrom, settings.storeRoot(), settings.agentId(), this.keys);
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
			if (this.postgres == null || !this.standby) {
				throw ex;
			}
			return this.postgres.closed(settings.agentId(), this.keys,
					(importFrom != null) ? AgentStores::missed : null);
		}
	}

	/** Never happens, unless the other process ends before it has imported anything. */
	private static InitialState missed() {
		throw new StoreImportException(
				"Another process was about to import the store, and has not: start this one" + " anew", null);
	}

}
