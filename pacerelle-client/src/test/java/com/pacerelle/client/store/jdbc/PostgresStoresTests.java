package com.pacerelle.client.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.signal.EcPublicKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class PostgresStoresTests {

	private final String agent = UUID.randomUUID().toString();

	private final ObservedDataSource observed = new ObservedDataSource(TestPostgres.dataSource());

	private PostgresStores stores;

	@BeforeEach
	void create() {
		this.stores = new PostgresStores(this.observed.dataSource());
	}

	@Test
	void whatIsCommittedIsThereWhenTheAgentIsOpenedAgain() {
		EcPublicKey identity;
		try (AgentStore store = open()) {
			identity = store.identityKeyPair().publicKey();
			store.commitAndWait(List.of(session(PEER, (byte) 1), pending("m1"), frame(9)));
		}
		try (AgentStore store = open()) {
			assertThat(store.identityKeyPair().publicKey()).isEqualTo(identity);
			assertThat(store.session(PEER).session()).containsExactly(1);
			assertThat(store.lastSequence()).isEqualTo(9);
		}
	}

	@Test
	void agentsShareTablesAndSeeOnlyTheirOwnRows() {
		try (AgentStore store = open(); AgentStore other = this.stores.open(this.agent + "-other", null)) {
			store.commitAndWait(List.of(session(PEER, (byte) 1), pending("m1"), frame(9)));

			assertThat(other.identityKeyPair().publicKey()).isNotEqualTo(store.identityKeyPair().publicKey());
			assertThat(other.session(PEER)).isNull();
			assertThat(other.receipt("m1")).isNull();
			assertThat(other.lastSequence()).isZero();
			other.commitAndWait(List.of(pending("m1"), frame(9)));
			assertThat(other.undelivered(0, 10)).hasSize(1);
		}
	}

	@Test
	void anAgentRunsOnceInAProcessAndInAll() {
		PostgresStores anotherProcess = new PostgresStores(TestPostgres.dataSource());
		try (AgentStore store = open()) {
			for (PostgresStores stores : List.of(this.stores, anotherProcess)) {
				assertThatExceptionOfType(StoreInUseException.class).isThrownBy(() -> stores.open(this.agent, null))
					.withMessageContaining(this.agent)
					.withMessageContaining("an agent runs once");
			}
			assertThat(store.lastSequence()).isZero();
		}
		anotherProcess.open(this.agent, null).close();
	}

	@Test
	void aStoreThatWasClosedCanBeOpenedAgain() {
		JdbcAgentStore store = (JdbcAgentStore) open();
		store.close();
		store.close();
		assertThatExceptionOfType(StoreException.class).isThrownBy(store::lastSequence)
			.withMessageContaining("The store is closed");
		assertThat(this.observed.borrowed).hasValue(0);

		store.reopen();
		store.commitAndWait(List.of(frame(1)));
		assertThat(store.lastSequence()).isOne();
		store.close();
	}

	@Test
	void whoeverHasLostItsLockToAnotherProcessWritesNothingMore() throws SQLException {
		PostgresStores anotherProcess = new PostgresStores(TestPostgres.dataSource());
		try (AgentStore store = open()) {
			store.commitAndWait(List.of(frame(1)));
			endSessionWithLock();
			await().until(() -> opens(anotherProcess), (opened) -> opened);
			try (AgentStore taken = anotherProcess.open(this.agent, null)) {
				taken.commitAndWait(List.of(frame(2)));
				assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.commitAndWait(List.of(frame(3))))
					.withMessageContaining("cannot be written");
			}
			// Also when the lock is free again, what it knows is too old.
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.commitAndWait(List.of(frame(3))));
			assertThat(store.lastSequence()).isEqualTo(2);
		}
	}

	@Test
	void aLostLockThatNobodyHasTakenIsTakenAgain() throws SQLException {
		try (AgentStore store = open()) {
			endSessionWithLock();
			await().ignoreExceptions().untilAsserted(() -> {
				assertThat(isLocked()).isTrue();
				store.commitAndWait(List.of(frame(store.lastSequence() + 1)));
			});
			assertThatExceptionOfType(StoreInUseException.class)
				.isThrownBy(() -> new PostgresStores(TestPostgres.dataSource()).open(this.agent, null));
		}
	}

	@Test
	void aCommitWhoseAnswerIsLostIsFoundByItsCount() {
		try (AgentStore store = open()) {
			this.observed.loseAnswer.set(true);
			store.commitAndWait(List.of(frame(1)));
			assertThat(store.lastSequence()).isOne();

			this.observed.loseCommit.set(true);
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.commitAndWait(List.of(frame(2))))
				.withMessageContaining("nothing of the change was");
			assertThat(store.lastSequence()).isOne();
			store.commitAndWait(List.of(frame(2)));
		}
	}

	@Test
	void anyNumberOfAgentsTakesAFewConnectionsAndGivesThemBack() {
		List<AgentStore> agents = new ArrayList<>();
		IntStream.range(0, 10).forEach((i) -> agents.add(this.stores.open(this.agent + i, null)));
		CompletableFuture.allOf(agents.stream().flatMap((store) -> IntStream.range(1, 20).mapToObj((i) -> {
			CompletableFuture<Void> committed = store.commitAsync(List.of(frame(i)));
			return CompletableFuture.allOf(committed, CompletableFuture.runAsync(() -> store.undelivered(0, 10)));
		})).toArray(CompletableFuture[]::new)).orTimeout(1, TimeUnit.MINUTES).join();

		assertThat(agents).allMatch((store) -> store.lastSequence() == 19);
		assertThat(this.observed.most.get()).isBetween(2, PostgresStores.MAX_CONNECTIONS);
		agents.forEach(AgentStore::close);
		assertThat(this.observed.borrowed).hasValue(0);
	}

	@Test
	void aSealedStoreNeedsItsKeyAndAPlainOneBecomesSealed() {
		EncryptionKeys keys = EncryptionKeys.of(EncryptionKey.of(new byte[32]), List.of());
		EncryptionKeys others = EncryptionKeys.of(EncryptionKey.of(TestChanges.digest(1)), List.of());
		try (AgentStore store = open()) {
			store.commitAndWait(List.of(session(PEER, (byte) 1)));
		}
		this.stores.open(this.agent, keys).close();

		assertThatExceptionOfType(EncryptionKeyException.class).isThrownBy(this::open)
			.withMessageContaining(this.agent);
		assertThatExceptionOfType(EncryptionKeyException.class).isThrownBy(() -> this.stores.open(this.agent, others));
		try (AgentStore store = this.stores.open(this.agent, keys)) {
			assertThat(store.session(PEER).session()).containsExactly(1);
		}
	}

	@Test
	void aDatabaseThatIsNotPostgresIsRefused(@TempDir Path directory) {
		SQLiteDataSource sqlite = new SQLiteDataSource();
		sqlite.setUrl("jdbc:sqlite:" + directory.resolve("other.db"));

		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> new PostgresStores(sqlite).open("agent", null))
			.withMessageContaining("needs PostgreSQL")
			.withMessageContaining("SQLite");
	}

	@Test
	void theTablesMayBeThereBeforeAndANewerVersionIsRefused() throws Exception {
		execute(TestPostgres.dataSource(), "CREATE DATABASE migrated");
		DataSource migrated = TestPostgres.server().getDatabase("postgres", "migrated");
		execute(migrated, new String(PostgresSchema.class.getResourceAsStream("postgresql-1.sql").readAllBytes(),
				StandardCharsets.UTF_8));
		new PostgresStores(migrated).open("agent", null).close();

		execute(migrated, "UPDATE pacerelle.schema_version SET version = 99");
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> new PostgresStores(migrated).open("agent", null))
			.withMessageContaining("version 99")
			.withMessageContaining("use the newer one");
	}

	private AgentStore open() {
		return this.stores.open(this.agent, null);
	}

	private boolean opens(PostgresStores stores) {
		try {
			stores.open(this.agent, null).close();
			return true;
		}
		catch (StoreInUseException ex) {
			return false;
		}
	}

	private String locks() {
		return "FROM pg_locks JOIN pacerelle.leases ON objid = number WHERE locktype = 'advisory' AND granted"
				+ " AND agent_id = '" + this.agent + "'";
	}

	private void endSessionWithLock() throws SQLException {
		execute(TestPostgres.dataSource(), "SELECT pg_terminate_backend(pid) " + locks());
	}

	private boolean isLocked() throws SQLException {
		try (Connection connection = TestPostgres.dataSource().getConnection();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT 1 " + locks())) {
			return row.next();
		}
	}

	private static void execute(DataSource dataSource, String sql) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Counts the connections that are borrowed, and loses them when it is told to.
	 */
	private static final class ObservedDataSource {

		private final DataSource target;

		private final AtomicInteger borrowed = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		private final AtomicBoolean loseCommit = new AtomicBoolean();

		private final AtomicBoolean loseAnswer = new AtomicBoolean();

		ObservedDataSource(DataSource target) {
			this.target = target;
		}

		DataSource dataSource() {
			return proxy(DataSource.class, (method, arguments) -> connection(this.target.getConnection()));
		}

		private Connection connection(Connection connection) {
			this.most.accumulateAndGet(this.borrowed.incrementAndGet(), Math::max);
			return proxy(Connection.class, (method, arguments) -> {
				if (method.getName().equals("close") && !connection.isClosed()) {
					this.borrowed.decrementAndGet();
				}
				boolean commit = method.getName().equals("commit");
				if (commit && this.loseCommit.getAndSet(false)) {
					connection.rollback();
					throw new SQLException("The connection is lost");
				}
				Object result = invoke(connection, method, arguments);
				if (commit && this.loseAnswer.getAndSet(false)) {
					throw new SQLException("The connection is lost");
				}
				return result;
			});
		}

		private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
			try {
				return method.invoke(target, arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		}

		private static <T> T proxy(Class<T> type, Call call) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> call.run(method, arguments)));
		}

		private interface Call {

			Object run(Method method, Object[] arguments) throws Throwable;

		}

	}

}
