package com.pacerelle.client.store.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.StoreConflictException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.CONTEXT;
import static com.pacerelle.client.store.jdbc.TestChanges.IDENTITY;
import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.digest;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The keys of archives and groups.
 */
@ParameterizedClass
@EnumSource
class KeyRecordsTests {

	private static final HistoryKey HISTORY_KEY = new HistoryKey("h-1", 1, digest(1));

	private static final GroupKey GROUP_KEY = new GroupKey("kitchen", "g-1", 3, digest(2));

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	@Test
	void aConversationHasNoKeysAtFirst() {
		try (AgentStore store = open()) {
			assertThat(store.historyKey("kitchen")).isNull();
			assertThat(store.groupKey("kitchen", "g-1", 3)).isNull();
			assertThat(store.latestGroupKey("kitchen")).isNull();
		}
	}

	@Test
	void keysAreThereAfterARestart() {
		try (AgentStore store = open()) {
			store
				.commitAsync(List.of(new Change.HistoryKeyDelivered("kitchen", HISTORY_KEY),
						new Change.GroupKeyReceived(GROUP_KEY)))
				.join();
		}
		try (AgentStore store = open()) {
			assertThat(store.historyKey("kitchen")).usingRecursiveComparison().isEqualTo(HISTORY_KEY);
			assertThat(store.groupKey("kitchen", "g-1", 3)).usingRecursiveComparison().isEqualTo(GROUP_KEY);
			assertThat(store.groupKey("kitchen", "g-1", 4)).isNull();
			assertThat(store.groupKey("kitchen", "g-2", 3)).isNull();
			assertThat(store.groupKey("cellar", "g-1", 3)).isNull();
		}
	}

	@Test
	void aHistoryKeyIsNeverReplaced() {
		try (AgentStore store = open()) {
			store.commitAsync(List.of(new Change.HistoryKeyDelivered("kitchen", HISTORY_KEY))).join();
			store.commitAsync(List.of(new Change.HistoryKeyDelivered("kitchen", HISTORY_KEY))).join();
			for (HistoryKey other : List.of(new HistoryKey("h-2", 1, digest(1)), new HistoryKey("h-1", 2, digest(1)),
					new HistoryKey("h-1", 1, digest(9)))) {
				assertConflict(store, pending("m1"), new Change.HistoryKeyDelivered("kitchen", other));
			}
			assertThat(store.historyKey("kitchen")).usingRecursiveComparison().isEqualTo(HISTORY_KEY);
			assertThat(store.receipt("m1")).isNull();
			store.commitAsync(List.of(new Change.HistoryKeyDelivered("cellar", new HistoryKey("h-2", 1, digest(9)))))
				.join();
		}
	}

	@Test
	void aGroupKeyIsNeverReplacedAndTheHighestEpochIsTheLatest() {
		try (AgentStore store = open()) {
			long highest = (1L << 53) - 1;
			store.commitAsync(List.of(new Change.GroupKeyReceived(GROUP_KEY), new Change.GroupKeyReceived(GROUP_KEY),
					new Change.GroupKeyReceived(new GroupKey("kitchen", "g-2", highest, digest(3))),
					new Change.GroupKeyReceived(new GroupKey("kitchen", "g-3", 20, digest(4)))))
				.join();
			assertConflict(store, new Change.GroupKeyReceived(new GroupKey("kitchen", "g-1", 3, digest(5))));
			assertThat(store.latestGroupKey("kitchen")).usingRecursiveComparison()
				.isEqualTo(new GroupKey("kitchen", "g-2", highest, digest(3)));
		}
	}

	@Test
	void aNonceIsUsedOnceWithEachKeyAndForgottenWithTheReceipts() {
		byte[] nonce = { 1, 2, 3 };
		Change used = new Change.GroupNonceUsed("kitchen", "g-1", 3, nonce, NOW);
		try (AgentStore store = open()) {
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isFalse();
			store.commitAsync(List.of(used)).join();
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isTrue();
			assertConflict(store, pending("m1"), used);
			store.commitAsync(List.of(new Change.GroupNonceUsed("kitchen", "g-1", 4, nonce, NOW))).join();
			store.commitAsync(List.of(new Change.Expired(NOW, NOW))).join();
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isTrue();
			store.commitAsync(List.of(new Change.Expired(NOW, NOW.plusMillis(1)))).join();
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isFalse();
		}
	}

	@Test
	void aStoreOfTheFirstVersionKeepsItsRecordsAndTakesKeys() throws SQLException {
		writeFirstVersion();
		try (AgentStore store = open()) {
			assertThat(store.identityKeyPair().encodePrivateKey()).isEqualTo(IDENTITY.encodePrivateKey());
			assertThat(store.session(PEER).session()).containsExactly(1, 2, 3);
			assertThat(store.receipt("m1")).usingRecursiveComparison()
				.isEqualTo(new Receipt("m1", digest(1), Receipt.State.PENDING, "text", Instant.ofEpochMilli(1)));
			assertThat(store.replyContext("m1")).isEqualTo(CONTEXT);
			assertThat(store.undelivered(0, 10)).containsExactly(new OutboundFrame(5, "{}"));
			store
				.commitAsync(List.of(new Change.HistoryKeyDelivered("kitchen", HISTORY_KEY),
						new Change.GroupKeyReceived(GROUP_KEY)))
				.join();
		}
		try (AgentStore store = open()) {
			assertThat(store.historyKey("kitchen")).isNotNull();
			assertThat(store.latestGroupKey("kitchen")).isNotNull();
		}
	}

	private void writeFirstVersion() throws SQLException {
		StoreDirectory.take(this.root, "agent").close();
		Path database = this.root.resolve("agent").resolve("agent.db");
		assertThat(Files.exists(database)).isTrue();
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
				Statement statement = connection.createStatement()) {
			statement.executeUpdate(Schema.MIGRATIONS.get(0));
			insert(connection, "INSERT INTO agent VALUES (1, ?, 100, 7, NULL, NULL)", IDENTITY.encodePrivateKey());
			insert(connection, "INSERT INTO sessions VALUES (?, ?, ?)", PEER.name(), PEER.deviceId(),
					new byte[] { 1, 2, 3 });
			insert(connection, "INSERT INTO messages VALUES ('m1', ?, 'PENDING', 1, NULL, ?, ?, ?, 'text')", digest(1),
					CONTEXT.userId(), CONTEXT.conversationId(), CONTEXT.deviceId());
			insert(connection, "INSERT INTO outbox VALUES (?, '{}')", 5);
			statement.executeUpdate("PRAGMA user_version = 1");
		}
	}

	private static void insert(Connection connection, String sql, Object... values) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < values.length; i++) {
				statement.setObject(i + 1, values[i]);
			}
			statement.executeUpdate();
		}
	}

	@Test
	void keysAreRedactedInText() {
		assertThat(List.of(HISTORY_KEY.toString(), GROUP_KEY.toString(),
				new Change.HistoryKeyDelivered("kitchen", HISTORY_KEY).toString(),
				new Change.GroupKeyReceived(GROUP_KEY).toString()))
			.allMatch((text) -> text.contains("-1") && !text.contains("[B@"));
	}

	private static void assertConflict(AgentStore store, Change... changes) {
		assertThat(store.commitAsync(List.of(changes))).failsWithin(Duration.ofMinutes(1))
			.withThrowableThat()
			.withCauseInstanceOf(StoreConflictException.class);
	}

	private AgentStore open() {
		return this.kind.open(this.root);
	}

}
