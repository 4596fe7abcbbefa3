package com.pacerelle.dev;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.SentMessage;
import com.pacerelle.client.UnknownRecipientException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.spring.handler.InvalidHandlerException;
import com.pacerelle.spring.handler.PacerelleExceptionHandler;
import com.pacerelle.spring.handler.PacerelleHandler;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * What an application writes, what its agent accepts and what it sends, in one
 * transaction of its database.
 */
class TransactionsTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static EmbeddedPostgres postgres;

	private static HikariDataSource pool;

	private final DevRelay relay = DevRelay.start(0, "agent-" + UUID.randomUUID(), "token");

	private final Person alice = this.relay.person("alice", "c-alice", "phone");

	private final Person bob = this.relay.person("bob", "c-bob", "phone");

	private TransactionalAgent agent;

	@BeforeAll
	static void startServer() throws IOException {
		postgres = EmbeddedPostgres.start();
		pool = TransactionalAgent.pool(postgres.getJdbcUrl("postgres", "postgres"));
		new JdbcTemplate(pool)
			.execute("CREATE TABLE bookings (name TEXT, UNIQUE (name) DEFERRABLE INITIALLY DEFERRED)");
	}

	@AfterAll
	static void stopServer() throws IOException {
		pool.close();
		postgres.close();
	}

	@BeforeEach
	void forgetBookings() {
		new JdbcTemplate(pool).execute("TRUNCATE bookings");
		Bookings.failed.clear();
	}

	@AfterEach
	void stop() {
		if (this.agent != null) {
			this.agent.close();
		}
		assertThat(this.relay.violations()).isEmpty();
		this.relay.close();
	}

	@Test
	void whatAHandlerWritesAndItsAcceptanceAndItsRepliesAreOneTransaction() {
		start();
		assertThat(reply(this.alice, "/book train")).isEqualTo("Booked");
		assertThat(bookings()).containsExactly("/book train");
		List<String> transactions = this.agent.jdbc()
			.queryForList(
					"SELECT bookings.xmin::text FROM bookings UNION SELECT receipts.xmin::text"
							+ " FROM pacerelle.receipts JOIN pacerelle.leases ON agent = number WHERE agent_id = ?"
							+ " UNION SELECT sessions.xmin::text FROM pacerelle.sessions JOIN pacerelle.leases"
							+ " ON agent = number WHERE agent_id = ?",
					String.class, this.relay.agentId(), this.relay.agentId());
		assertThat(transactions).as("transactions that wrote the row, the receipt and the session").hasSize(1);
	}

	@Test
	void theOrderOfTheGuideIsStoredAndTold() {
		start(Bookings.class, OrderHandlers.class);
		this.agent.jdbc().execute("CREATE TABLE orders (item TEXT, person TEXT)");
		greet(this.bob);
		assertThat(reply(this.alice, "/order tea")).isEqualTo("Ordered: tea");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(this.bob)).containsExactly("Hello", "A new order: tea"));
		assertThat(this.agent.jdbc().queryForList("SELECT item || ' for ' || person FROM orders", String.class))
			.containsExactly("tea for alice");
	}

	@Test
	void whatIsWrittenAfterTheLastAttemptIsCommittedByItself() {
		start();
		assertThat(reply(this.alice, "/last")).isEqualTo("Noted");
		assertThat(bookings()).containsExactly("Noted");
	}

	@Test
	void whatFailsIsRolledBackAndHandledAgain() {
		start();
		assertThat(reply(this.alice, "/fail once")).isEqualTo("Booked at last");
		assertThat(bookings()).containsExactly("/fail once");
		assertThat(texts(this.alice)).containsExactly("Booked at last");
	}

	@Test
	void whatTheDatabaseRefusesToCommitIsHandledAgain() {
		start();
		assertThat(reply(this.alice, "/conflict")).isEqualTo("Booked at last");
		assertThat(bookings()).containsExactly("/conflict");
		assertThat(texts(this.alice)).containsExactly("Booked at last");
	}

	@Test
	void anExceptionHandlerAnswersWhatIsRolledBack() {
		start();
		assertThat(reply(this.alice, "/full")).isEqualTo("Sorry: full");
		assertThat(bookings()).isEmpty();
	}

	@Test
	void anExceptionThatDoesNotRollBackCommitsWithItsAnswer() {
		start();
		assertThat(reply(this.alice, "/overbook")).isEqualTo("Sorry: overbooked");
		assertThat(bookings()).containsExactly("/overbook");
	}

	@Test
	void whatIsMarkedToBeRolledBackIsNotHandled() {
		start();
		assertThat(reply(this.alice, "/mark")).isEqualTo("Sorry, this did not work");
		assertThat(bookings()).isEmpty();
	}

	@Test
	void whatAHandlerSendsLeavesInItsOrderBeforeTheReplyAndOnlyOnce() {
		start();
		greet(this.bob);
		reply(this.alice, "/tell");
		assertThat(texts(this.alice)).containsExactly("One moment", "Told");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(this.bob)).containsExactly("Hello", "News"));
		assertThat(bookings()).containsExactly("/tell");
	}

	@Test
	void aProgressShowsWhileTheTransactionRuns() {
		start();
		this.alice.send("/slow");
		await().atMost(PATIENCE).until(() -> texts(this.alice).size() == 1);
		assertThat(bookings()).isEmpty();
		Bookings.mayEnd.set(true);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(this.alice)).last().isEqualTo("Done"));
		assertThat(bookings()).containsExactly("/slow");
	}

	@Test
	void aQuestionInATransactionIsRefused() {
		start();
		assertThat(reply(this.alice, "/ask")).startsWith("A question in a transaction");
	}

	@Test
	void aTransactionThatOnlyReadsIsAsBefore() {
		start();
		assertThat(reply(this.alice, "/count")).isEqualTo("0");
		assertThat(reply(this.alice, "/count and tell")).startsWith("The transaction is read-only");
	}

	@Test
	void whatIsSentInAnyTransactionLeavesIfItCommits() {
		start();
		greet(this.alice);
		int frames = this.agent.client().load().frames();
		SentMessage sent = this.agent.transactions().execute((status) -> {
			insert("row");
			SentMessage message = conversation(this.alice).sendAndWait(new Reply("Committed"));
			assertThat(this.agent.client().load().frames()).isLessThanOrEqualTo(frames);
			return message;
		});
		this.agent.transactions().executeWithoutResult((status) -> {
			insert("another");
			conversation(this.alice).sendAndWait(new Reply("Rolled back"));
			status.setRollbackOnly();
		});
		assertThatIllegalStateException().isThrownBy(() -> this.agent.transactions().executeWithoutResult((status) -> {
			conversation(this.alice).sendAndWait(new Reply("Failed"));
			throw new IllegalStateException();
		}));
		conversation(this.alice).sendAndWait(new Reply("Last"));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(this.alice)).containsExactly("Hello", "Committed", "Last"));
		assertThat(received(this.alice).get(1).id()).isEqualTo(sent.id());
		assertThat(bookings()).containsExactly("row");
	}

	@Test
	void anInnerTransactionAndASavepointDecideForThemselves() {
		start();
		greet(this.alice);
		TransactionTemplate inner = new TransactionTemplate(this.agent.transactions().getTransactionManager());
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		TransactionTemplate nested = new TransactionTemplate(this.agent.transactions().getTransactionManager());
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.agent.transactions().executeWithoutResult((outer) -> {
			nested.executeWithoutResult((status) -> {
				conversation(this.alice).sendAndWait(new Reply("Before, but rolled back"));
				status.setRollbackOnly();
			});
			conversation(this.alice).sendAndWait(new Reply("Outer"));
			inner.executeWithoutResult((status) -> conversation(this.alice).sendAndWait(new Reply("Inner")));
			nested.executeWithoutResult((status) -> {
				conversation(this.alice).sendAndWait(new Reply("After, but rolled back"));
				status.setRollbackOnly();
			});
		});
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(this.alice)).containsExactly("Hello", "Inner", "Outer"));
	}

	@Test
	void whatIsSentWhenATransactionHasCommittedLeavesByItself() {
		start();
		greet(this.alice);
		this.agent.transactions()
			.executeWithoutResult((status) -> TransactionSynchronizationManager
				.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						conversation(TransactionsTests.this.alice).sendAndWait(new Reply("After the commit"));
					}

					@Override
					public void afterCompletion(int completion) {
						conversation(TransactionsTests.this.alice).sendAndWait(new Reply("After all"));
					}

				}));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(this.alice)).containsExactlyInAnyOrder("Hello", "After the commit",
					"After all"));
	}

	@Test
	void aSerializableTransactionSendsAsWell() {
		start();
		greet(this.alice);
		TransactionTemplate serializable = new TransactionTemplate(this.agent.transactions().getTransactionManager());
		serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		serializable.executeWithoutResult((status) -> {
			insert("row");
			conversation(this.alice).sendAndWait(new Reply("Sent"));
		});
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(this.alice)).containsExactly("Hello", "Sent"));
	}

	@Test
	void whatCannotBeSentRollsTheTransactionBack() {
		start();
		assertThatExceptionOfType(UnknownRecipientException.class)
			.isThrownBy(() -> this.agent.transactions().executeWithoutResult((status) -> {
				insert("row");
				conversation(this.bob).sendAndWait(new Reply("Who are you?"));
			}));
		assertThat(bookings()).isEmpty();
	}

	@Test
	void aProcessThatHasLostItsAgentCommitsNothing() {
		start();
		greet(this.alice);
		this.agent.jdbc()
			.update("UPDATE pacerelle.leases SET epoch = epoch + 1 WHERE agent_id = ?", this.relay.agentId());
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> this.agent.transactions().executeWithoutResult((status) -> {
				insert("row");
				conversation(this.alice).sendAndWait(new Reply("From a zombie"));
			}));
		assertThat(bookings()).isEmpty();
		assertThat(texts(this.alice)).containsExactly("Hello");
	}

	@Test
	void whoTakesTheAgentWaitsForATransactionThatIsWritten() throws SQLException {
		start();
		greet(this.alice);
		AtomicReference<Throwable> refusal = new AtomicReference<>();
		try (Connection connection = pool.getConnection()) {
			this.agent.transactions().executeWithoutResult((status) -> {
				conversation(this.alice).sendAndWait(new Reply("In time"));
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCompletion() {
						refusal.set(catchThrowable(() -> connection.createStatement()
							.execute("SET lock_timeout = '200ms'; UPDATE pacerelle.leases SET epoch = epoch + 1"
									+ " WHERE agent_id = '" + TransactionsTests.this.relay.agentId() + "'")));
					}

				});
			});
		}
		assertThat(refusal.get()).hasMessageContaining("lock timeout");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(texts(this.alice)).containsExactly("Hello", "In time"));
	}

	@Test
	void aCommitWhoseConnectionIsLostIsLookedUp() {
		AtomicBoolean lost = new AtomicBoolean();
		this.agent = new TransactionalAgent(this.relay.baseUrl(), this.relay.agentId(), this.relay.token(),
				new LosingDataSource(pool, lost), Bookings.class);
		greet(this.alice);
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.agent.transactions().executeWithoutResult((status) -> {
				insert("row");
				conversation(this.alice).sendAndWait(new Reply("Committed"));
				lost.set(true);
			}));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(texts(this.alice)).containsExactly("Hello", "Committed"));
		Bookings.onBook = () -> lost.set(true);
		assertThat(reply(this.alice, "/book train")).isEqualTo("Booked");
		await().atMost(PATIENCE).until(() -> this.relay.unacknowledged().isEmpty());
		assertThat(texts(this.alice)).containsExactly("Hello", "Committed", "Booked");
		assertThat(bookings()).containsExactlyInAnyOrder("row", "/book train");
	}

	@Test
	void aTransactionThatCannotEndWithTheMessageIsRefusedAtStart() {
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(NewTransaction.class))
			.withMessageContaining("REQUIRES_NEW");
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(Deferred.class))
			.withMessageContaining("returns before its result is there");
		assertThatExceptionOfType(InvalidHandlerException.class).isThrownBy(() -> start(OtherDatabase.class))
			.withMessageContaining("does not use the data source");
	}

	private void start(Class<?>... components) {
		Class<?>[] all = (components.length > 0) ? components : new Class<?>[] { Bookings.class };
		this.agent = new TransactionalAgent(this.relay.baseUrl(), this.relay.agentId(), this.relay.token(), pool, all);
	}

	private Conversation conversation(Person person) {
		return this.agent.client().conversation((person == this.alice) ? "alice" : "bob", person.conversationId());
	}

	private void greet(Person person) {
		assertThat(reply(person, "/hello")).isEqualTo("Hello");
	}

	private static String reply(Person person, String text) {
		return person.received()
			.filter((message) -> message.replyToMessageId() != null)
			.filter(isReplyTo(person.send(text)))
			.next()
			.map(ReceivedMessage::text)
			.block(PATIENCE);
	}

	private static Predicate<ReceivedMessage> isReplyTo(String id) {
		return (message) -> id.equals(message.replyToMessageId());
	}

	private static List<ReceivedMessage> received(Person person) {
		return person.received().take(Duration.ofMillis(50)).collectList().block();
	}

	private static List<String> texts(Person person) {
		return received(person).stream().map(ReceivedMessage::text).toList();
	}

	private void insert(String name) {
		this.agent.jdbc().update("INSERT INTO bookings VALUES (?)", name);
	}

	private static List<String> bookings() {
		return new JdbcTemplate(pool).queryForList("SELECT name FROM bookings", String.class);
	}

	@Component
	static class Bookings {

		static final Set<String> failed = ConcurrentHashMap.newKeySet();

		static final AtomicBoolean mayEnd = new AtomicBoolean();

		static volatile Runnable onBook = () -> {
		};

		private final JdbcTemplate jdbc;

		Bookings(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		private void insert(AgentMessage message) {
			this.jdbc.update("INSERT INTO bookings VALUES (?)", message.text());
		}

		@PacerelleHandler(command = "/hello")
		String hello() {
			return "Hello";
		}

		@Transactional
		@PacerelleHandler(command = "/book")
		String book(AgentMessage message) {
			insert(message);
			onBook.run();
			onBook = () -> {
			};
			return "Booked";
		}

		@Transactional
		@PacerelleHandler(command = "/fail")
		String fail(AgentMessage message, Conversation conversation) {
			insert(message);
			if (failed.add(message.id())) {
				conversation.sendAndWait(new Reply("Never"));
				throw new IllegalStateException("The first time");
			}
			return "Booked at last";
		}

		@Transactional
		@PacerelleHandler(command = "/conflict")
		String conflict(AgentMessage message) {
			insert(message);
			if (failed.add(message.id())) {
				insert(message);
			}
			return "Booked at last";
		}

		@Transactional
		@PacerelleHandler(command = "/full")
		String full(AgentMessage message) {
			insert(message);
			throw new Full("full");
		}

		@Transactional(noRollbackFor = Full.class)
		@PacerelleHandler(command = "/overbook")
		String overbook(AgentMessage message) {
			insert(message);
			throw new Full("overbooked");
		}

		@Transactional
		@PacerelleHandler(command = "/mark", attempts = 2)
		String mark(AgentMessage message) {
			insert(message);
			TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
			return "Never";
		}

		@Transactional
		@PacerelleHandler(command = "/tell")
		String tell(AgentMessage message, Conversation conversation, AgentGatewayClient client) {
			insert(message);
			conversation.sendAndWait(new Reply("One moment"));
			client.conversation("bob", "c-bob").sendAndWait(new Reply("News"));
			if (failed.add(message.id())) {
				throw new IllegalStateException("The first time");
			}
			return "Told";
		}

		@Transactional
		@PacerelleHandler(command = "/slow")
		String slow(AgentMessage message, Conversation conversation) {
			insert(message);
			conversation.show(Progress.of("Working", 1, 2));
			await().atMost(PATIENCE).untilTrue(mayEnd);
			conversation.show(Progress.of("Working", 2, 2));
			return "Done";
		}

		@Transactional
		@PacerelleHandler(command = "/ask")
		String ask(Conversation conversation) {
			try {
				return "Answered: " + conversation.askAndWait(Confirm.of("Sure?"));
			}
			catch (IllegalStateException ex) {
				return ex.getMessage();
			}
		}

		@Transactional(readOnly = true)
		@PacerelleHandler(command = "/count")
		String count(AgentMessage message, Conversation conversation) {
			try {
				if (message.text().endsWith("tell")) {
					conversation.sendAndWait(new Reply("Never"));
				}
				return String.valueOf(this.jdbc.queryForObject("SELECT count(*) FROM bookings", Long.class));
			}
			catch (IllegalStateException ex) {
				return ex.getMessage();
			}
		}

		@Transactional
		@PacerelleHandler(command = "/last", attempts = 1)
		String last(AgentMessage message) {
			insert(message);
			throw new UnsupportedOperationException();
		}

		@Transactional
		@PacerelleExceptionHandler(afterLastAttempt = true)
		String last(UnsupportedOperationException failure) {
			this.jdbc.update("INSERT INTO bookings VALUES ('Noted')");
			return "Noted";
		}

		@PacerelleExceptionHandler
		String full(Full failure) {
			return "Sorry: " + failure.getMessage();
		}

		@PacerelleExceptionHandler(afterLastAttempt = true)
		String failed(Exception failure) {
			return "Sorry, this did not work";
		}

	}

	static class Full extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Full(String message) {
			super(message);
		}

	}

	@Component
	static class NewTransaction {

		@Transactional(propagation = Propagation.REQUIRES_NEW)
		@PacerelleHandler
		String handle() {
			return "";
		}

	}

	@Component
	static class Deferred {

		@Transactional
		@PacerelleHandler
		Mono<String> handle() {
			return Mono.empty();
		}

	}

	@Component
	static class OtherDatabase {

		@Bean
		static JdbcTransactionManager other() {
			return new JdbcTransactionManager(postgres.getTemplateDatabase());
		}

		@Transactional("other")
		@PacerelleHandler
		String handle() {
			return "";
		}

	}

	/**
	 * Loses a connection when a commit has reached the database.
	 */
	private static final class LosingDataSource extends DelegatingDataSource {

		private final AtomicBoolean lost;

		LosingDataSource(HikariDataSource target, AtomicBoolean lost) {
			super(target);
			this.lost = lost;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			AtomicBoolean dead = new AtomicBoolean();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (dead.get() && method.getName().equals("rollback")) {
							throw new SQLException("The connection is lost", "08003");
						}
						Object result = invoke(connection, method, arguments);
						if (method.getName().equals("commit")
								&& TransactionSynchronizationManager.isActualTransactionActive()
								&& this.lost.compareAndSet(true, false)) {
							dead.set(true);
							throw new SQLException("The connection is lost", "08006");
						}
						return result;
					});
		}

		private static Object invoke(Connection connection, Method method, Object[] arguments) throws Throwable {
			try {
				return method.invoke(connection, arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		}

	}

}
