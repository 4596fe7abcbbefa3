package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import javax.sql.DataSource;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server for all tests of this JVM.
 */
public final class TestPostgres {

	private static @Nullable EmbeddedPostgres server;

	private TestPostgres() {
	}

	static synchronized EmbeddedPostgres server() {
		if (server == null) {
			try {
				server = EmbeddedPostgres.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return server;
	}

	public static DataSource dataSource() {
		return server().getPostgresDatabase();
	}

	/**
	 * Opens a store. They all have the same tables.
	 * @param root makes it another agent for each directory of a test
	 * @param agentId the agent
	 * @param keys the keys, or {@code null}
	 * @return the store
	 */
	static AgentStore open(Path root, String agentId, @Nullable EncryptionKeys keys) {
		return new PostgresStores(dataSource()).open(root + "/" + agentId, keys);
	}

}
