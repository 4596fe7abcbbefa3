package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import javax.sql.DataSource;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server for all tests of this JVM.
 */
public final class TestPostgres {

	/** Set in processes that use the server of another one. */
	private static final String PORT = "test.postgres.port";

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
		Integer port = Integer.getInteger(PORT);
		if (port == null) {
			return server().getPostgresDatabase();
		}
		PGSimpleDataSource dataSource = new PGSimpleDataSource();
		dataSource.setPortNumbers(new int[] { port });
		dataSource.setUser("postgres");
		dataSource.setDatabaseName("postgres");
		return dataSource;
	}

	/**
	 * What another process needs to use this server.
	 * @return an argument of its JVM
	 */
	static String portArgument() {
		return "-D" + PORT + "=" + server().getPort();
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
