package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static com.pacerelle.client.store.jdbc.TestChanges.kyber;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.preKeys;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static com.pacerelle.client.store.jdbc.TestChanges.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ParameterizedClass
@EnumSource(names = { "PLAIN", "SEALED" })
class StoreLifecycleTests {

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	@Test
	void aClosedStoreIsOneFileAndItsLock() throws IOException {
		try (AgentStore store = open()) {
			store.commitAsync(List.of(session(PEER, (byte) 1)));
		}
		try (Stream<Path> files = Files.list(this.root.resolve("agent"))) {
			assertThat(files).extracting((file) -> file.getFileName().toString())
				.containsExactlyInAnyOrder("agent.db", "lock");
		}
	}

	@Test
	void aStoreThatANewerVersionWroteIsRefusedAndNotTouched() throws SQLException {
		open().close();
		execute("PRAGMA user_version = " + (Schema.VERSION + 1));

		assertThatExceptionOfType(StoreException.class).isThrownBy(this::open)
			.withMessageContaining(this.root.resolve("agent").toString())
			.withMessageContaining("schema version " + (Schema.VERSION + 1))
			.withMessageContaining("use the newer one");

		execute("PRAGMA user_version = " + Schema.VERSION);
		open().close();
	}

	@Test
	void aSettingThatSqliteDoesNotTakeIsRefused() throws SQLException {
		Database.Pragma durable = new Database.Pragma("synchronous", "FULL", "2");
		try (Connection connection = new Database(this.root.resolve("agent.db")).openWriter();
				Statement statement = connection.createStatement()) {
			Database.verify(statement, durable);
			statement.execute("PRAGMA synchronous = OFF");
			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> Database.verify(statement, durable))
				.withMessageContaining("'synchronous = FULL' and stays at '0'");
		}
	}

	@Test
	void aFileThatIsNoDatabaseIsRefusedAndNotTouched() throws IOException {
		Path file = Files.createDirectories(this.root.resolve("agent")).resolve("agent.db");
		Files.writeString(file, "This is not a database, and it is longer than its header. ".repeat(50));
		byte[] before = Files.readAllBytes(file);

		for (int attempt = 0; attempt < 2; attempt++) {
			assertThatExceptionOfType(StoreException.class).isThrownBy(this::open)
				.withMessageContaining(this.root.resolve("agent").toString())
				.withMessageContaining("put a backup back");
		}
		assertThat(Files.readAllBytes(file)).isEqualTo(before);
	}

	@Test
	void aDamagedPageIsAClearErrorAndNoOtherAnswer() throws IOException {
		try (AgentStore store = open()) {
			store.commitAsync(List.of(session(PEER, new byte[100_000])));
		}
		Path file = this.root.resolve("agent").resolve("agent.db");
		byte[] bytes = Files.readAllBytes(file);
		Arrays.fill(bytes, 2048, bytes.length, (byte) 0xA5);
		Files.write(file, bytes);

		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> {
			try (AgentStore store = open()) {
				store.session(PEER);
			}
		});
	}

	@Test
	void aStoreWithADamagedPageIsRefusedAndNotTouchedWhicheverItIs() throws IOException {
		try (AgentStore store = open()) {
			store.commitAsync(List.of(session(PEER, new byte[5_000]), pending("m1"), frame(1),
					preKeys(signed(1), kyber(2), NOW)));
		}
		Path file = this.root.resolve("agent").resolve("agent.db");
		byte[] whole = Files.readAllBytes(file);
		byte[] noise = new byte[1024];
		for (int page = 0; page < whole.length / 1024; page++) {
			new Random(page).nextBytes(noise);
			byte[] damaged = whole.clone();
			System.arraycopy(noise, 0, damaged, page * 1024, noise.length);
			Files.write(file, damaged);
			assertThatExceptionOfType(StoreException.class).as("page %d", page)
				.isThrownBy(this::open)
				.withMessageContaining("put a backup back");
			assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
		}
		Files.write(file, whole);
		try (AgentStore store = open()) {
			assertThat(store.session(PEER).session()).hasSize(5_000);
		}
	}

	@Test
	void aFirstStartThatFailsLeavesNoHalfMadeIdentity() throws SQLException {
		StoreDirectory.take(this.root, "agent").close();
		execute("CREATE TABLE outbox (unexpected INTEGER)");

		assertThatExceptionOfType(StoreException.class).isThrownBy(this::open);

		execute("DROP TABLE outbox");
		open().close();
	}

	@Test
	void theIdentityIsRedactedInText() {
		assertThat(new OwnIdentity(TestChanges.IDENTITY, 5)).hasToString("OwnIdentity[registrationId=5]");
	}

	@Test
	void aMessageCostsAsMuchAfterThousandsAsItDidAtFirst() throws IOException {
		try (AgentStore store = open()) {
			store(store, 0, 200);
			long early = logBytes(store, 200);
			store(store, 400, 4000);
			long late = logBytes(store, 4400);

			assertThat(late).isLessThan(early * 3 / 2);
		}
	}

	/** How much the log grows when messages are received one by one. */
	private long logBytes(AgentStore store, int from) throws IOException {
		Path log = this.root.resolve("agent").resolve("agent.db-wal");
		long before = Files.size(log);
		for (int i = from; i < from + 100; i++) {
			store(store, i, 1);
		}
		return Files.size(log) - before;
	}

	private static void store(AgentStore store, int from, int count) {
		store
			.commitAsync(IntStream.range(from, from + count)
				.mapToObj((i) -> pending(UUID.nameUUIDFromBytes(new byte[] { (byte) i, (byte) (i >> 8) }).toString()))
				.toList())
			.join();
	}

	private AgentStore open() {
		return this.kind.open(this.root);
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = DriverManager
			.getConnection("jdbc:sqlite:" + this.root.resolve("agent").resolve("agent.db"));
				Statement statement = connection.createStatement()) {
			statement.executeUpdate(sql);
		}
	}

}
