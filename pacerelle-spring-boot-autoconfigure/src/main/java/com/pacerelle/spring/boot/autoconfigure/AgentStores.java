package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;

import java.util.Set;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.migration.SdkStoreImport;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
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

	private AgentStores(@Nullable EncryptionKeys keys, @Nullable PostgresStores postgres) {
		this.keys = keys;
		this.postgres = postgres;
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
				(type == StoreType.JDBC) ? new PostgresStores(required(dataSource)) : null);
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

}
