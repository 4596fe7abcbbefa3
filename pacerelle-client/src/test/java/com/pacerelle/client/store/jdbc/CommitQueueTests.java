package com.pacerelle.client.store.jdbc;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import com.pacerelle.client.store.StoreConflictException;
import com.pacerelle.client.store.StoreException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static org.assertj.core.api.Assertions.assertThat;

class CommitQueueTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@TempDir
	private Path root;

	private StoreDirectory directory;

	private Database database;

	private Connection connection;

	private ReadPool reads;

	private CommitQueue queue;

	@BeforeEach
	void start() throws SQLException {
		this.directory = StoreDirectory.take(this.root, "agent");
		this.database = new Database(this.directory.database());
		this.connection = this.database.openWriter();
		Schema.migrate(this.connection, this.directory);
		this.reads = new ReadPool(this.database);
		this.queue = new CommitQueue(new SqliteWriter(this.connection), Duration.ofHours(1), "test");
	}

	@AfterEach
	void stop() {
		this.reads.close();
		this.queue.close();
		this.directory.close();
	}

	@Test
	void whatComesWhileTheWriterIsBusySharesOneCommit() {
		CompletableFuture<Void> gate = blockWriter();
		List<CompletableFuture<?>> futures = LongStream.rangeClosed(1, 20)
			.<CompletableFuture<?>>mapToObj(this::submit)
			.toList();
		gate.complete(null);

		assertThat(futures).allSatisfy((future) -> assertThat(future).succeedsWithin(PATIENCE));
		assertThat(this.queue.commits()).isEqualTo(2);
		assertThat(sequences()).hasSize(20);
	}

	@Test
	void aTransactionThatFailsIsRolledBackAloneAndTheOthersOfItsGroupGoOn() {
		CompletableFuture<Void> gate = blockWriter();
		CompletableFuture<?> before = submit(1);
		CompletableFuture<?> conflicting = this.queue.submit((statements) -> {
			new ChangeWriter(statements, Seal.NONE, new AtomicInteger()).write(List.of(frame(2), frame(3), frame(1)));
			return true;
		}, true);
		CompletableFuture<?> invalid = this.queue
			.submit((statements) -> statements.update(Sql.CREATE_SESSION, "a", 1, null), true);
		CompletableFuture<?> after = submit(3);
		gate.complete(null);

		assertThat(before).succeedsWithin(PATIENCE);
		assertThat(after).succeedsWithin(PATIENCE);
		assertThat(conflicting).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(StoreConflictException.class)
			.withMessageContaining("There was a frame with the sequence 1 before");
		assertThat(invalid).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(StoreException.class);
		assertThat(this.queue.commits()).isEqualTo(2);
		assertThat(sequences()).containsExactly(1L, 3L);
	}

	@Test
	void aCommitThatFailsFailsTheWholeGroupAndLeavesNothing() throws SQLException {
		Connection failing = failingAtItsFirstCommit(this.database.openWriter());
		try (CommitQueue queue = new CommitQueue(new SqliteWriter(failing), PATIENCE, "failing")) {
			CompletableFuture<?> first = queue
				.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), false);
			CompletableFuture<?> second = queue
				.submit((statements) -> statements.update(Sql.CREATE_FRAME, 2, new byte[0]), true);

			for (CompletableFuture<?> future : List.of(first, second)) {
				assertThat(future).failsWithin(PATIENCE)
					.withThrowableThat()
					.withCauseInstanceOf(StoreException.class)
					.withMessageContaining("cannot be written");
			}
			assertThat(sequences()).isEmpty();

			assertThat(queue.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), true))
				.succeedsWithin(PATIENCE);
			assertThat(sequences()).containsExactly(1L);
		}
	}

	@Test
	void aFullDiskFailsWhatDoesNotFitAndLosesNothingElse() throws SQLException {
		assertThat(submit(1)).succeedsWithin(PATIENCE);
		execute("PRAGMA max_page_count = 1");
		CompletableFuture<?> tooLarge = this.queue
			.submit((statements) -> statements.update(Sql.CREATE_FRAME, 2, new byte[1_000_000]), true);

		assertThat(tooLarge).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(StoreException.class)
			.withMessageContaining("disk is full");
		assertThat(sequences()).containsExactly(1L);

		execute("PRAGMA max_page_count = 1000000");
		assertThat(submit(2)).succeedsWithin(PATIENCE);
	}

	@Test
	void aStoreThatIsReadOnlyFailsEveryChangeAndCanStillBeRead() throws SQLException {
		assertThat(submit(1)).succeedsWithin(PATIENCE);
		execute("PRAGMA query_only = ON");

		assertThat(submit(2)).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(StoreException.class);
		assertThat(sequences()).containsExactly(1L);

		execute("PRAGMA query_only = OFF");
		assertThat(submit(2)).succeedsWithin(PATIENCE);
	}

	@Test
	void anErrorInATransactionReachesItsCallerAndTheWriterLivesOn() {
		CompletableFuture<?> broken = this.queue.submit((statements) -> {
			throw new StackOverflowError();
		}, true);

		assertThat(broken).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(StoreException.class)
			.withStackTraceContaining("StackOverflowError");
		assertThat(submit(1)).succeedsWithin(PATIENCE);
	}

	@Test
	void aRollBackThatBreaksFailsItsGroupAndTheWriterLivesOn() throws SQLException {
		AtomicBoolean broken = new AtomicBoolean(true);
		Connection breaking = executing(this.database.openWriter(), (sql) -> {
			if (broken.get() && ("COMMIT".equals(sql) || "ROLLBACK".equals(sql))) {
				throw new StackOverflowError();
			}
		});
		try (CommitQueue queue = new CommitQueue(new SqliteWriter(breaking), PATIENCE, "breaking")) {
			for (int i = 0; i < 3; i++) {
				assertThat(queue.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), true))
					.failsWithin(PATIENCE)
					.withThrowableThat()
					.withCauseInstanceOf(StoreException.class);
			}
			broken.set(false);
			assertThat(queue.submit((statements) -> true, true)).failsWithin(PATIENCE);
			assertThat(queue.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), true))
				.succeedsWithin(PATIENCE);
			assertThat(sequences()).containsExactly(1L);
		}
	}

	@Test
	void whoeverWaitsIsToldAsSoonAsThereIsAThreadForIt() throws SQLException {
		AtomicInteger attempts = new AtomicInteger();
		try (CommitQueue queue = new CommitQueue(new SqliteWriter(this.database.openWriter()), PATIENCE, "crowded",
				(task) -> {
					if (attempts.incrementAndGet() <= 3) {
						throw new OutOfMemoryError("unable to create native thread");
					}
					return new Thread(task);
				})) {
			assertThat(queue.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), true))
				.succeedsWithin(PATIENCE);
			assertThat(attempts).hasValue(4);
		}
	}

	@Test
	void whatIsNotUrgentWaitsForSomethingThatIs() {
		CompletableFuture<?> deferred = this.queue
			.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), false);
		CompletableFuture<?> urgent = submit(2);

		assertThat(deferred).succeedsWithin(PATIENCE);
		assertThat(urgent).succeedsWithin(PATIENCE);
		assertThat(this.queue.commits()).isOne();
	}

	@Test
	void whatIsNotUrgentIsNotForgottenWhenTheQueueCloses() {
		CompletableFuture<?> deferred = this.queue
			.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), false);

		this.queue.close();

		assertThat(deferred).succeedsWithin(PATIENCE);
		assertThat(sequences()).containsExactly(1L);
	}

	@Test
	void whatIsNotUrgentIsWrittenAfterItsDeferralWhenNothingElseComes() throws SQLException {
		try (CommitQueue impatient = new CommitQueue(new SqliteWriter(this.database.openWriter()), Duration.ofMillis(1),
				"impatient")) {
			CompletableFuture<?> deferred = impatient
				.submit((statements) -> statements.update(Sql.CREATE_FRAME, 1, new byte[0]), false);

			assertThat(deferred).succeedsWithin(PATIENCE);
			assertThat(sequences()).containsExactly(1L);
		}
	}

	@Test
	void aDependentThatBlocksHoldsUpNobodyElse() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		CompletableFuture<Void> writer = blockWriter();
		CompletableFuture<?> blocked = submit(1).thenRun(gate::join);
		CompletableFuture<?> sameGroup = submit(2);
		writer.complete(null);

		assertThat(sameGroup).succeedsWithin(PATIENCE);
		assertThat(submit(3)).succeedsWithin(PATIENCE);
		assertThat(blocked).isNotDone();

		gate.complete(null);
		assertThat(blocked).succeedsWithin(PATIENCE);
	}

	@Test
	void aDependentMayCommitAndWaitForIt() {
		CompletableFuture<?> nested = submit(1).thenRun(() -> submit(2).join());

		assertThat(nested).succeedsWithin(PATIENCE);
	}

	@Test
	void whoeverComesToAFullQueueWaitsAndNothingIsLost() {
		CompletableFuture<Void> gate = blockWriter();
		List<CompletableFuture<?>> futures = new ArrayList<>();
		Thread producer = new Thread(() -> LongStream.rangeClosed(1, 3000).forEach((i) -> futures.add(submit(i))));
		producer.start();
		Awaitility.await().until(producer::getState, Thread.State.WAITING::equals);
		assertThat(sequences()).isEmpty();
		gate.complete(null);

		Awaitility.await().until(() -> !producer.isAlive());
		assertThat(futures).hasSize(3000).allSatisfy((future) -> assertThat(future).succeedsWithin(PATIENCE));
		assertThat(sequences()).hasSize(3000);
	}

	@Test
	void closingWaitsForWhatWasSubmittedAndRefusesWhatComesLater() {
		CompletableFuture<Void> gate = blockWriter();
		List<CompletableFuture<?>> futures = LongStream.rangeClosed(1, 600)
			.<CompletableFuture<?>>mapToObj(this::submit)
			.toList();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(this.queue::close);
		Awaitility.await().until(() -> submit(1000).isCompletedExceptionally());
		assertThat(closing).isNotDone();
		gate.complete(null);

		assertThat(closing).succeedsWithin(PATIENCE);
		assertThat(futures).allSatisfy((future) -> assertThat(future).succeedsWithin(PATIENCE));
		assertThat(sequences()).hasSizeGreaterThanOrEqualTo(600);
		assertThat(submit(1001)).failsWithin(PATIENCE)
			.withThrowableThat()
			.withCauseInstanceOf(StoreException.class)
			.withMessageContaining("The store is closed");
	}

	/** Keeps the writer busy until the returned future is completed. */
	private CompletableFuture<Void> blockWriter() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		CompletableFuture<Void> busy = new CompletableFuture<>();
		this.queue.submit((statements) -> {
			busy.complete(null);
			gate.join();
			return true;
		}, true);
		busy.join();
		return gate;
	}

	private CompletableFuture<?> submit(long sequence) {
		return this.queue.submit((statements) -> {
			new ChangeWriter(statements, Seal.NONE, new AtomicInteger()).write(List.of(frame(sequence)));
			return true;
		}, true);
	}

	private List<Long> sequences() {
		return this.reads.read((statements) -> statements.all(Sql.READ_FRAMES, (row) -> row.getLong(1), 0, 10_000));
	}

	private static Connection failingAtItsFirstCommit(Connection connection) {
		AtomicBoolean failed = new AtomicBoolean();
		return executing(connection, (sql) -> {
			if ("COMMIT".equals(sql) && !failed.getAndSet(true)) {
				throw new SQLException("disk I/O error");
			}
		});
	}

	private static Connection executing(Connection connection, Step beforeStatement) {
		return (Connection) Proxy.newProxyInstance(CommitQueueTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (arguments != null && arguments[0] instanceof String sql) {
						beforeStatement.run(sql);
					}
					return method.invoke(connection, arguments);
				});
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@FunctionalInterface
	private interface Step {

		void run(String sql) throws SQLException;

	}

}
