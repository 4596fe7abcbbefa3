package com.pacerelle.client.outbound;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;

import com.pacerelle.client.FragileStore;
import com.pacerelle.client.OutboxFullException;
import com.pacerelle.client.connection.FrameWriter;
import com.pacerelle.client.connection.SessionEnd;
import com.pacerelle.client.core.Threads;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

class OutboxTests {

	private final ExecutorService executor = Threads.pool("outbox", 1, false);

	private FragileStore store;

	private Outbox outbox;

	@BeforeEach
	void open(@TempDir Path root) {
		this.store = new FragileStore(SqliteAgentStore.open(root, "agent-1"));
		this.outbox = outbox(Duration.ofMillis(1));
	}

	@AfterEach
	void close() {
		this.executor.shutdownNow();
		this.store.close();
	}

	@Test
	void acknowledgementsWaitForTheFramesBeforeThem() {
		CountDownLatch read = new CountDownLatch(1);
		this.store.beforeReadingFrames(() -> awaitUninterruptibly(read));
		commit("a");
		Session session = session();
		this.outbox.commit(List.of(), List.of("b"), List.of("ack of b"));
		this.outbox.acknowledge("ack of an older one");
		assertThat(session.written).containsExactly("ack of an older one");
		assertThat(this.outbox.keepsUp()).isFalse();
		read.countDown();
		await().until(this.outbox::keepsUp);
		assertThat(session.written).containsExactly("ack of an older one", "a", "b", "ack of b");
	}

	@Test
	void whatIsConfirmedIsNotWrittenToTheNextSession() {
		Session first = session();
		await().until(this.outbox::keepsUp);
		commit("a");
		commit("b");
		assertThat(first.written).containsExactly("a", "b");
		this.outbox.delivered(new Session(), 2);
		this.outbox.delivered(first, 1);
		await().until(() -> this.store.undelivered(0, 10).size() == 1);
		this.outbox.closed(SessionEnd.LOST);
		Session second = session();
		await().until(this.outbox::keepsUp);
		assertThat(second.written).containsExactly("b");
		this.outbox.delivered(second, 2);
		await().until(() -> this.store.undelivered(0, 10).isEmpty());
	}

	@Test
	void errorWhileFramesAreReadEndsTheSessionAndTheNextOneCatchesUp() {
		commit("a");
		this.store.beforeReadingFrames(() -> {
			throw new StackOverflowError();
		});
		Session first = session();
		await().until(() -> first.closed != null);
		assertThat(first.written).isEmpty();
		this.store.beforeReadingFrames(() -> {
		});
		this.outbox.closed(SessionEnd.LOST);
		Session second = session();
		await().until(this.outbox::keepsUp);
		assertThat(second.written).containsExactly("a");
	}

	@Test
	void deliveriesThatMetAnErrorAreNotedLater() {
		Session session = session();
		await().until(this.outbox::keepsUp);
		commit("a");
		commit("b");
		CountDownLatch failed = new CountDownLatch(1);
		this.store.fail((changes) -> {
			if (changes.get(0) instanceof Change.FramesDelivered) {
				failed.countDown();
				throw new StackOverflowError();
			}
			return false;
		});
		this.outbox.delivered(session, 1);
		awaitUninterruptibly(failed);
		this.store.fail((changes) -> false);
		this.outbox.delivered(session, 2);
		await().until(() -> this.store.undelivered(0, 10).isEmpty());
	}

	@Test
	void whatWasConfirmedAMomentAgoIsWrittenAgainAfterASessionThatIsLost() throws Exception {
		this.outbox = outbox(Duration.ofHours(1));
		Session first = session();
		await().until(this.outbox::keepsUp);
		commit("a");
		this.outbox.delivered(first, 1);
		awaitExecutor();
		this.outbox.closed(SessionEnd.LOST);
		Session second = session();
		await().until(this.outbox::keepsUp);
		assertThat(second.written).containsExactly("a");
	}

	@ParameterizedTest
	@EnumSource(names = "LOST", mode = Mode.EXCLUDE)
	void whatWasConfirmedIsDeliveredWhenTheSessionIsClosed(SessionEnd end) throws Exception {
		this.outbox = outbox(Duration.ofHours(1));
		Session first = session();
		await().until(this.outbox::keepsUp);
		commit("a");
		this.outbox.delivered(first, 1);
		awaitExecutor();
		this.outbox.closed(end);
		await().until(() -> this.store.undelivered(0, 10).isEmpty());
	}

	@Test
	void onlyTheFrameThatIsRefusedAloneIsDropped() {
		commit("the largest one");
		commit("guilty");
		commit("last");
		Session first = session();
		await().until(this.outbox::keepsUp);
		assertThat(first.written).containsExactly("the largest one", "guilty", "last");
		this.outbox.closed(SessionEnd.FRAME_TOO_LARGE);
		assertThat(this.store.undelivered(0, 10)).hasSize(3);

		Session second = session();
		await().until(() -> second.written.equals(List.of("the largest one")));
		this.outbox.delivered(second, 1);
		await().until(() -> second.written.equals(List.of("the largest one", "guilty")));
		this.outbox.closed(SessionEnd.FRAME_TOO_LARGE);
		await().until(() -> this.store.undelivered(0, 10).size() == 1);

		Session third = session();
		await().until(() -> third.written.equals(List.of("last")));
		this.outbox.delivered(third, 3);
		commit("new");
		commit("newer");
		await().until(() -> third.written.equals(List.of("last", "new", "newer")));
	}

	@Test
	void frameThatIsRefusedOnceAndNotAgainIsKept() {
		commit("a");
		session();
		await().until(this.outbox::keepsUp);
		this.outbox.closed(SessionEnd.FRAME_TOO_LARGE);
		session();
		this.outbox.closed(SessionEnd.LOST);
		Session third = session();
		await().until(() -> third.written.equals(List.of("a")));
		this.outbox.closed(SessionEnd.FRAME_TOO_LARGE);
		assertThat(this.store.undelivered(0, 10)).hasSize(1);
	}

	@Test
	void frameWhoseWriteMeetsAnErrorIsCommittedAndWrittenFromTheStore() {
		Session session = session();
		await().until(this.outbox::keepsUp);
		session.failure = new OutOfMemoryError();
		assertThatNoException().isThrownBy(() -> commit("a"));
		session.failure = null;
		commit("b");
		await().until(() -> session.written.equals(List.of("a", "b")));
	}

	@Test
	void takesNoMoreFramesThanItHasRoomForAndGoesOnWhenTheyAreDelivered() {
		List.of("a", "b", "c", "d").forEach(this::commit);
		assertThatExceptionOfType(OutboxFullException.class)
			.isThrownBy(() -> this.outbox.commit(List.of(), List.of("e", "f"), List.of()))
			.withMessageStartingWith("4 messages wait");
		this.store.fail((changes) -> true);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> commit("e"));
		this.store.fail((changes) -> false);
		commit("e");
		this.outbox = outbox(Duration.ofMillis(1));
		assertThatExceptionOfType(OutboxFullException.class).isThrownBy(() -> commit("f"));
		this.outbox.commit(List.of(), List.of(), List.of("ack"));
		Session session = session();
		await().until(this.outbox::keepsUp);
		this.outbox.delivered(session, 4);
		await().until(() -> this.store.undelivered(0, 10).size() == 1);
		commit("f");
		assertThat(session.written).containsExactly("a", "b", "c", "d", "e", "f");
	}

	/** It runs one task at a time. */
	private void awaitExecutor() throws Exception {
		this.executor.submit(() -> {
		}).get();
	}

	private Outbox outbox(Duration holding) {
		return new Outbox(this.store, this.executor, Schedulers.parallel(), holding, 5, Observations.NONE);
	}

	private void commit(String frame) {
		this.outbox.commit(List.of(), List.of(frame), List.of());
	}

	private Session session() {
		Session session = new Session();
		this.outbox.opened(session);
		return session;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class Session implements FrameWriter {

		private final List<String> written = new CopyOnWriteArrayList<>();

		private volatile @Nullable String closed;

		private volatile @Nullable Error failure;

		@Override
		public void write(String json, long sequence) {
			if (this.failure != null) {
				throw this.failure;
			}
			this.written.add(json);
		}

		@Override
		public void close(String reason) {
			this.closed = reason;
		}

	}

}
