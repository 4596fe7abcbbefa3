package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoredSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills a process that commits numbered batches, at random points, and looks what is
 * there: every batch that was reported as committed, and no part of another. Meanwhile
 * the log is emptied and, with keys, everything is sealed again, all the time.
 */
@ParameterizedClass
@EnumSource
@Tag("process")
class CrashTests {

	private static final int KILLS = 24;

	/** The server is not killed, and each start takes longer. */
	private static final int POSTGRES_KILLS = 5;

	private static final int WORKERS = 4;

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	@Test
	void aKilledProcessLosesNothingThatItReportedAndLeavesNoPartOfABatch() throws Exception {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		Set<Long> reported = new HashSet<>();
		List<String> options = this.kind.isPostgres() ? List.of(TestPostgres.portArgument()) : List.of();
		for (int kill = 0; kill < (this.kind.isPostgres() ? POSTGRES_KILLS : KILLS); kill++) {
			try (StoreProcess process = StoreProcess.start(this.root, options, Committer.class, this.root, this.kind)) {
				for (int lines = random.nextInt(100); lines >= 0; lines--) {
					reported.add(Long.valueOf(process.readLine()));
				}
				process.kill();
				for (String line = process.readLine(); line != null; line = process.readLine()) {
					reported.add(Long.valueOf(line));
				}
			}
			try (AgentStore store = openWhenFree()) {
				assertThat(wholeBatches(store)).as("seed %d, kill %d", seed, kill).containsAll(reported);
			}
		}
	}

	/** The server needs a moment to see that a process is gone. */
	private AgentStore openWhenFree() {
		return await().ignoreExceptionsInstanceOf(StoreInUseException.class)
			.until(() -> this.kind.open(this.root), Objects::nonNull);
	}

	private static Set<Long> wholeBatches(AgentStore store) {
		Set<Long> batches = store.undelivered(0, Integer.MAX_VALUE)
			.stream()
			.map(OutboundFrame::sequence)
			.collect(Collectors.toSet());
		for (long batch = 1; batch <= store.lastSequence() + WORKERS; batch++) {
			assertThat(store.receipt("m" + batch) != null).as("batch %d has its receipt", batch)
				.isEqualTo(batches.contains(batch));
		}
		for (int worker = 0; worker < WORKERS; worker++) {
			int remainder = worker;
			long last = batches.stream().filter((batch) -> batch % WORKERS == remainder).max(Long::compare).orElse(0L);
			if (last > 0) {
				assertThat(store.session(peer(worker)).session()).as("the session of batch %d", last)
					.isEqualTo(record(last));
			}
		}
		return batches;
	}

	private static ProtocolAddress peer(int worker) {
		return ProtocolAddress.of("worker-" + worker);
	}

	private static byte[] record(long batch) {
		ByteBuffer record = ByteBuffer.allocate(4000 + (int) (batch % 64) * 8);
		while (record.hasRemaining()) {
			record.putLong(batch);
		}
		return record.array();
	}

	/**
	 * Commits batches until it is killed, and writes the number of each that is
	 * committed.
	 */
	static final class Committer {

		private Committer() {
		}

		public static void main(String[] arguments) {
			AgentStore store = StoreKind.valueOf(arguments[1]).open(Path.of(arguments[0]));
			new Thread(() -> keepUp((JdbcAgentStore) store)).start();
			long start = (store.lastSequence() / WORKERS + 1) * WORKERS;
			for (int worker = 0; worker < WORKERS; worker++) {
				int number = worker;
				new Thread(() -> {
					for (long batch = start + number;; batch += WORKERS) {
						commit(store, number, batch);
					}
				}).start();
			}
		}

		/** A store with keys is sealed again all the time. */
		private static void keepUp(JdbcAgentStore store) {
			while (true) {
				try {
					store.keepUp();
				}
				catch (SQLException | IOException ex) {
					// The log is in use: a minute later in an application.
				}
			}
		}

		private static void commit(AgentStore store, int worker, long batch) {
			StoredSession stored = store.session(peer(worker));
			store
				.commitAsync(List.of(session(peer(worker), (stored != null) ? stored.version() : 0, record(batch)),
						pending("m" + batch), frame(batch)))
				.join();
			System.out.println(batch);
		}

	}

}
