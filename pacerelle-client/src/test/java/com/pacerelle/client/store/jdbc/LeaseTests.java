package com.pacerelle.client.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.client.store.LeaseListener;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The right to write of an agent, and how it goes from one process to another.
 */
class LeaseTests {

	private static final Duration LEASE_TIME = Duration.ofSeconds(2);

	private final String agent = UUID.randomUUID().toString();

	private final PostgresStores one = new PostgresStores(TestPostgres.dataSource(), LEASE_TIME);

	private final PostgresStores other = new PostgresStores(TestPostgres.dataSource(), LEASE_TIME);

	private final Told told = new Told();

	@AutoClose
	private SharedStore.Watch watch = () -> {
	};

	@Test
	void whoeverWaitsIsToldWhoHasTheAgentAndThatItIsFree() {
		SharedStore waiting = this.other.closed(this.agent, null, null);
		assertThat(waiting.holder()).isNull();
		assertThatExceptionOfType(StoreException.class).isThrownBy(waiting::identityKeyPair)
			.withMessageContaining("not open");
		SharedStore store = this.one.closed(this.agent, null, null);
		store.reopen();
		this.watch = waiting.watch(this.told);
		await().untilAsserted(() -> assertThat(this.told.news).containsExactly("taken " + store.holder()));
		assertThatExceptionOfType(StoreInUseException.class).isThrownBy(waiting::reopen)
			.withMessageContaining("in use by " + store.holder());
		store.close();
		await().until(() -> this.told.news.contains("available"));
		waiting.reopen();
		waiting.commitAndWait(List.of(frame(1)));
		assertThat(waiting.holder()).isNotNull();
		waiting.close();
	}

	@Test
	void whoeverListensIsWokenWhenAnAgentIsFreed() throws SQLException {
		AgentStore store = this.one.open(this.agent, null);
		LockSession listening = LockSession.open(TestPostgres.dataSource(), Duration.ofMinutes(5));
		assertThat(listening.awaitNotification(Duration.ofMillis(1))).isFalse();
		CompletableFuture<Void> closed = CompletableFuture.runAsync(store::close);
		assertThat(listening.awaitNotification(Duration.ofMinutes(1))).isTrue();
		closed.join();
		listening.close();
	}

	@Test
	void anAgentThatNeverRanIsFree() {
		SharedStore store = this.one.closed(this.agent, null, null);
		this.watch = store.watch(this.told);
		await().until(() -> this.told.news.contains("available"));
	}

	@Test
	void theServerTakesTheAgentFromAProcessThatHangs() throws SQLException {
		this.one.open(this.agent, null).close();
		LockSession hanging = LockSession.open(TestPostgres.dataSource(), LEASE_TIME);
		assertThat(hanging.tryLock(hanging.number(this.agent))).isTrue();
		SharedStore waiting = this.other.closed(this.agent, null, null);
		this.watch = waiting.watch(this.told);
		assertThatExceptionOfType(StoreInUseException.class).isThrownBy(waiting::reopen);
		await().until(() -> this.told.news.contains("available"));
		waiting.reopen();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> hanging.epoch(1));
		hanging.close();
		waiting.close();
	}

	@Test
	void aTransactionThatHangsKeepsNobodyFromTheAgentAndIsNotCommitted() throws SQLException {
		AgentLocks locks = new AgentLocks(TestPostgres.dataSource(), LEASE_TIME, "hanging");
		this.one.open(this.agent, null).close();
		Lease lease = locks.take(this.agent);
		PostgresWriter writer = new PostgresWriter(TestPostgres.dataSource(), new Semaphore(1), lease, LEASE_TIME);
		writer.begin();

		// Again and again: only the writer hangs, and its process takes the lock back.
		AgentStore store = await().ignoreExceptionsInstanceOf(StoreException.class).until(() -> {
			endSessionWithLock();
			return this.other.open(this.agent, null);
		}, (opened) -> true);
		assertThatExceptionOfType(StoreInUseException.class).isThrownBy(writer::commit)
			.withMessageContaining("another process has taken the agent");
		store.commitAndWait(List.of(frame(1)));
		store.close();
		lease.close();
	}

	@Test
	void whoeverLosesTheAgentIsToldAndCanWaitForItAgain() throws SQLException {
		SharedStore store = this.one.closed(this.agent, null, null);
		store.reopen();
		store.commitAndWait(List.of(frame(1)));
		this.watch = store.watch(this.told);
		AgentStore taken = takenFromIt();
		await().until(() -> this.told.news.contains("lost"));
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.commitAndWait(List.of(frame(2))));
		store.close();
		taken.close();
		await().until(() -> this.told.news.contains("available"));
		store.reopen();
		store.commitAndWait(List.of(frame(2)));
		store.close();
	}

	@Test
	void whatTheDatabaseHasNotConfirmedInTimeIsDoubtedUntilItDoes() throws SQLException {
		AtomicBoolean away = new AtomicBoolean();
		DataSource leaving = proxy(DataSource.class, (method, arguments) -> {
			if (away.get()) {
				throw new SQLException("The database is away");
			}
			return invoke(TestPostgres.dataSource(), method, arguments);
		});
		SharedStore store = new PostgresStores(leaving, LEASE_TIME).closed(this.agent, null, null);
		store.reopen();
		this.watch = store.watch(this.told);
		away.set(true);
		endSessionWithLock();
		await().until(() -> this.told.news.contains("doubted"));
		away.set(false);
		await().ignoreExceptions().untilAsserted(() -> store.commitAndWait(List.of()));
		assertThat(this.told.news).doesNotContain("lost");
		store.close();
	}

	@Test
	void connectionsAreGivenBackAsTheyWere() throws SQLException {
		try (Connection connection = TestPostgres.dataSource().getConnection()) {
			connection.setAutoCommit(false);
			Connection shared = proxy(Connection.class, (method, arguments) -> method.getName().equals("close") ? null
					: invoke(connection, method, arguments));
			LockSession session = LockSession.open(proxy(DataSource.class, (method, arguments) -> shared), LEASE_TIME);
			assertThat(shared.getNetworkTimeout()).isPositive();
			assertThat(timeout(shared)).isEqualTo("2s");
			session.close();
			assertThat(shared.getNetworkTimeout()).isZero();
			assertThat(shared.getAutoCommit()).isFalse();
			assertThat(timeout(shared)).isEqualTo("0");
		}
	}

	@Test
	void aLeaseTimeOutOfBoundsIsRefused() {
		for (Duration time : List.of(Duration.ofMillis(1999), Duration.ofSeconds(301))) {
			assertThatIllegalArgumentException().isThrownBy(() -> new PostgresStores(TestPostgres.dataSource(), time))
				.withMessageContaining("between 2 seconds and 5 minutes, not " + time);
		}
	}

	private AgentStore takenFromIt() throws SQLException {
		endSessionWithLock();
		while (true) {
			try {
				return this.other.open(this.agent, null);
			}
			catch (StoreInUseException ex) {
				endSessionWithLock();
			}
		}
	}

	private void endSessionWithLock() throws SQLException {
		try (Connection connection = TestPostgres.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_terminate_backend(pid, 1000) FROM pg_locks JOIN pacerelle.leases"
					+ " ON objid = number WHERE locktype = 'advisory' AND granted AND agent_id = '" + this.agent + "'");
		}
	}

	private static String timeout(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SHOW idle_session_timeout")) {
			row.next();
			return row.getString(1);
		}
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call.run(method, arguments)));
	}

	private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private interface Call {

		Object run(Method method, Object[] arguments) throws Throwable;

	}

	private static final class Told implements LeaseListener {

		private final List<String> news = new CopyOnWriteArrayList<>();

		@Override
		public void available() {
			this.news.add("available");
		}

		@Override
		public void taken(LeaseHolder holder) {
			this.news.add("taken " + holder);
		}

		@Override
		public void doubted() {
			this.news.add("doubted");
		}

		@Override
		public void lost() {
			this.news.add("lost");
		}

	}

}
