package com.pacerelle.client.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.KnownInstallation;
import com.pacerelle.client.store.SharedInstallations;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Installations in the table that all processes read. Each method borrows a connection
 * for one statement.
 */
final class PostgresInstallations implements SharedInstallations {

	private static final String SAVE = """
			INSERT INTO pacerelle.installations
				(application, agent_id, owner_id, conversation_id, key_id, token, revision)
			VALUES (?, ?, ?, ?, ?, ?, nextval('pacerelle.installation_revisions'))
			ON CONFLICT (application, agent_id) DO UPDATE SET owner_id = excluded.owner_id,
				conversation_id = excluded.conversation_id, key_id = excluded.key_id, token = excluded.token,
				revision = excluded.revision
			RETURNING pg_notify('%s', agent_id)""".formatted(Notifications.CHANNEL);

	private static final String REMOVE = """
			DELETE FROM pacerelle.installations WHERE application = ? AND agent_id = ?
			RETURNING pg_notify('%s', agent_id)""".formatted(Notifications.CHANNEL);

	private static final String FIND_ALL = """
			SELECT agent_id, owner_id, conversation_id, key_id, token FROM pacerelle.installations
			WHERE application = ?""";

	private static final String FIND = FIND_ALL + " AND agent_id = ?";

	/** Replaces only what was read: somebody may have saved another token. */
	private static final String SEAL_AGAIN = """
			UPDATE pacerelle.installations SET key_id = ?, token = ?
			WHERE application = ? AND agent_id = ? AND token = ?""";

	private final String application;

	private final DataSource dataSource;

	private final AgentLocks locks;

	private final Semaphore places;

	private final Runnable migration;

	private final InstallationSeal seal;

	PostgresInstallations(String application, DataSource dataSource, AgentLocks locks, Semaphore places,
			Runnable migration, InstallationSeal seal) {
		this.application = application;
		this.dataSource = dataSource;
		this.locks = locks;
		this.places = places;
		this.migration = migration;
		this.seal = seal;
	}

	@Override
	public void save(KnownInstallation installation) {
		InstallationSeal.Sealed sealed = this.seal.seal(this.application, installation.agentId(), installation.token());
		query(SAVE, (row) -> true, this.application, installation.agentId(), installation.ownerId(),
				installation.conversationId(), sealed.keyId(), sealed.token());
	}

	@Override
	public List<KnownInstallation> findAll() {
		return query(FIND_ALL, this::stored, this.application).stream().map(this::open).toList();
	}

	@Override
	public @Nullable KnownInstallation find(String agentId) {
		return query(FIND, this::stored, this.application, agentId).stream().map(this::open).findFirst().orElse(null);
	}

	@Override
	public void remove(String agentId) {
		query(REMOVE, (row) -> true, this.application, agentId);
	}

	@Override
	public SharedStore.Watch join(Set<String> pinned, Consumer<Distribution> listener) {
		this.migration.run();
		return this.locks.join(new Membership(this.application, Set.copyOf(pinned), listener));
	}

	@Override
	public String instance() {
		return this.locks.instance();
	}

	private Stored stored(ResultSet row) throws SQLException {
		return new Stored(row.getString(1), row.getString(2), row.getString(3),
				new InstallationSeal.Sealed(row.getString(4), row.getBytes(5)));
	}

	/** Under the present key from now on, if it was sealed under another one. */
	private KnownInstallation open(Stored stored) {
		String token = this.seal.open(this.application, stored.agentId(), stored.sealed());
		if (!this.seal.isCurrent(stored.sealed())) {
			InstallationSeal.Sealed sealed = this.seal.seal(this.application, stored.agentId(), token);
			query(SEAL_AGAIN, (row) -> true, sealed.keyId(), sealed.token(), this.application, stored.agentId(),
					stored.sealed().token());
		}
		return new KnownInstallation(stored.agentId(), stored.ownerId(), stored.conversationId(), token);
	}

	private <T> List<T> query(String sql, Row<T> reader, @Nullable Object... parameters) {
		this.migration.run();
		this.places.acquireUninterruptibly();
		try (BorrowedConnection borrowed = BorrowedConnection.from(this.dataSource);
				Transaction transaction = new Transaction(borrowed.connection())) {
			List<T> result = query(borrowed.connection(), sql, reader, parameters);
			transaction.commit();
			return result;
		}
		catch (SQLException ex) {
			throw new StoreException("The installations in the schema '" + PostgresSchema.NAME
					+ "' cannot be read or written: see the cause", ex);
		}
		finally {
			this.places.release();
		}
	}

	private static <T> List<T> query(Connection connection, String sql, Row<T> reader, @Nullable Object... parameters)
			throws SQLException {
		List<T> result = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			if (statement.execute()) {
				try (ResultSet row = statement.getResultSet()) {
					while (row.next()) {
						result.add(reader.read(row));
					}
				}
			}
		}
		return result;
	}

	private interface Row<T> {

		T read(ResultSet row) throws SQLException;

	}

	private record Stored(String agentId, String ownerId, String conversationId, InstallationSeal.Sealed sealed) {
	}

}
