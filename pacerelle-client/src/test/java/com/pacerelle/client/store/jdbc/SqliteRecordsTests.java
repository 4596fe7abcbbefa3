package com.pacerelle.client.store.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.pacerelle.client.codec.Digests;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.KnownGroupKey;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.KnownIdentity.State;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.signal.EcPublicKey;
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
import static com.pacerelle.client.store.jdbc.TestChanges.publicKey;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

/**
 * What only SQLite has: older versions, and a file for each agent.
 */
@ParameterizedClass
@EnumSource(names = { "PLAIN", "SEALED" })
class SqliteRecordsTests {

	private static final HistoryKey HISTORY_KEY = new HistoryKey("h-1", 1, digest(1));

	private static final GroupKey GROUP_KEY = new GroupKey("kitchen", "g-1", 3, digest(2));

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	@Test
	void anAcceptedMessageCostsAThirdOfWhatItDid() throws SQLException {
		int number = 10_000;
		try (AgentStore store = open()) {
			for (int batch = 0; batch < number / 100; batch++) {
				List<Change> changes = new ArrayList<>();
				for (int i = 0; i < 100; i++) {
					String id = UUID.randomUUID().toString();
					String user = UUID.nameUUIDFromBytes(new byte[] { (byte) (i % 10) }).toString();
					ReplyContext context = new ReplyContext(user, user, user);
					changes.add(new Change.MessagePending(id, Digests.sha256().digest(id.getBytes(UTF_8)), "text",
							context, NOW));
					changes.add(new Change.MessageAccepted(id, NOW.plusSeconds(batch)));
				}
				store.commitAndWait(changes);
			}
		}
		try (Connection connection = new Database(this.root.resolve("agent").resolve("agent.db")).openReader();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT sum(pgsize) FROM dbstat"
						+ " WHERE name IN ('receipts', 'sqlite_autoindex_receipts_1', 'reply_contexts',"
						+ " 'sqlite_autoindex_reply_contexts_1', 'messages', 'sqlite_autoindex_messages_1')")) {
			double bytes = (double) row.getLong(1) / number;
			assertThat(bytes).as("bytes of an accepted message, 236 before").isLessThan(236 / 3.0);
		}
	}

	@Test
	void identitiesOfAnOlderStoreAreKnownFromItsUpgradeOn() throws SQLException {
		EcPublicKey plain = publicKey();
		EcPublicKey key = publicKey();
		writeVersion(4, (connection) -> {
			String insert = "INSERT INTO identities VALUES (?, 1, ?)";
			insert(connection, insert, "human:ann:kitchen:device:phone", key.encode());
			insert(connection, insert, "human:ann:kitchen", plain.encode());
			insert(connection, insert, "human:a%3Ab%2525:c%3Adevice%3Ad:device:%3A%25", key.encode());
			insert(connection, "INSERT INTO devices VALUES ('ann', 'phone', 'kitchen', 0),"
					+ " ('ann', 'tablet', 'kitchen', 1), ('ann', 'watch', 'kitchen', 0)");
		});
		try (AgentStore store = open()) {
			assertThat(store.identities("ann")).extracting(KnownIdentity::deviceId, KnownIdentity::identity)
				.containsExactlyInAnyOrder(tuple("phone", key), tuple(null, plain), tuple("tablet", plain));
			KnownIdentity escaped = store.knownIdentity("a:b%25", ":%", "c:device:d");
			assertThat(escaped).isNotNull();
			assertThat(escaped.state()).isEqualTo(State.TRUSTED);
			assertThat(escaped.firstSeen()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
		}
	}

	@Test
	void aHistoryKeyOfAnOlderStoreStaysWhereNobodyElseCanHaveDeliveredIt() throws SQLException {
		writeVersion(9, (connection) -> {
			for (String conversation : List.of("alone", "shared", "team", "refused")) {
				insert(connection, "INSERT INTO history_keys VALUES (?, 'h-1', 1, ?)", conversation, digest(1));
			}
			insert(connection, "INSERT INTO group_keys VALUES ('team', 1, 'g-1', ?)", (Object) digest(2));
			insertIdentity(connection, "ann", "phone", "alone", "TRUSTED");
			insertIdentity(connection, "ann", "tablet", "alone", "TRUSTED");
			insertIdentity(connection, "ann", "laptop", "alone", "WAITING");
			insertIdentity(connection, "ann", "phone", "shared", "TRUSTED");
			insertIdentity(connection, "bob", "phone", "shared", "REFUSED");
			insertIdentity(connection, "ann", "phone", "team", "TRUSTED");
			insertIdentity(connection, "ann", "phone", "refused", "REFUSED");
		});
		try (AgentStore store = open()) {
			assertThat(historyKeys(store, "alone", "ann")).containsExactlyInAnyOrder("phone h-1 1", "tablet h-1 1");
			assertThat(store.historyKeys("alone", "ann")).extracting(KnownHistoryKey::identity)
				.containsOnly(IDENTITY.publicKey());
			assertThat(historyKeys(store, "team", "group:team")).containsExactly("null h-1 1");
			assertThat(historyKeys(store, "team", "ann")).isEmpty();
			assertThat(historyKeys(store, "shared", "ann")).isEmpty();
			assertThat(historyKeys(store, "shared", "bob")).isEmpty();
			assertThat(historyKeys(store, "refused", "ann")).isEmpty();
		}
	}

	@Test
	void groupKeysAndNoncesOfAnOlderStoreAreKept() throws SQLException {
		byte[] nonce = { 1, 2, 3 };
		writeVersion(9, (connection) -> {
			insert(connection, "INSERT INTO group_keys VALUES ('kitchen', 3, 'g-1', ?)", (Object) digest(2));
			insert(connection, "INSERT INTO group_keys VALUES ('cellar', 3, 'g-1', ?)", (Object) digest(3));
			insert(connection, "INSERT INTO group_nonces VALUES ('kitchen', 3, 'g-1', ?, 1)", (Object) nonce);
			insert(connection, "INSERT INTO group_nonces VALUES ('attic', 3, 'g-1', ?, 1)", (Object) nonce);
		});
		try (AgentStore store = open()) {
			assertThat(store.groupKey("kitchen", "g-1", 3)).usingRecursiveComparison().isEqualTo(GROUP_KEY);
			assertThat(store.groupKeys("kitchen")).extracting(KnownGroupKey::givenBy, KnownGroupKey::shared)
				.containsExactly(tuple("", false));
			assertThat(store.isGroupNonceUsed(GROUP_KEY, nonce)).isTrue();
			assertThat(store.isGroupNonceUsed(new GroupKey("cellar", "g-1", 3, digest(3)), nonce)).isFalse();
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
			store.commitAndWait(List.of(
					new Change.HistoryKeyDelivered(
							new KnownHistoryKey("kitchen", "ann", "phone", IDENTITY.publicKey(), HISTORY_KEY, NOW)),
					new Change.GroupKeyReceived(GROUP_KEY, "ann", NOW)));
		}
		try (AgentStore store = open()) {
			assertThat(store.historyKeys("kitchen", "ann")).hasSize(1);
			assertThat(store.groupKeys("kitchen")).hasSize(1);
		}
	}

	private AgentStore open() {
		return this.kind.open(this.root);
	}

	private static List<String> historyKeys(AgentStore store, String conversationId, String recipient) {
		return store.historyKeys(conversationId, recipient)
			.stream()
			.map((known) -> known.deviceId() + " " + known.key().keyId() + " " + known.key().key()[0])
			.toList();
	}

	private void writeFirstVersion() throws SQLException {
		writeVersion(1, (connection) -> {
			insert(connection, "INSERT INTO agent VALUES (1, ?, 100, 7, NULL, NULL)", IDENTITY.encodePrivateKey());
			insert(connection, "INSERT INTO sessions VALUES (?, ?, ?)", PEER.name(), PEER.deviceId(),
					new byte[] { 1, 2, 3 });
			insert(connection, "INSERT INTO messages VALUES ('m1', ?, 'PENDING', 1, NULL, ?, ?, ?, 'text')", digest(1),
					CONTEXT.userId(), CONTEXT.conversationId(), CONTEXT.deviceId());
			insert(connection, "INSERT INTO outbox VALUES (?, '{}')", 5);
		});
	}

	private void writeVersion(int version, Content content) throws SQLException {
		StoreDirectory.take(this.root, "agent").close();
		Path database = this.root.resolve("agent").resolve("agent.db");
		assertThat(Files.exists(database)).isTrue();
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
				Statement statement = connection.createStatement()) {
			for (String script : Schema.MIGRATIONS.subList(0, version)) {
				statement.executeUpdate(script);
			}
			content.write(connection);
			statement.executeUpdate("PRAGMA user_version = " + version);
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

	private static void insertIdentity(Connection connection, String userId, String deviceId, String conversationId,
			String state) throws SQLException {
		insert(connection, "INSERT INTO known_identities VALUES (?, ?, ?, ?, 1, ?)", userId, deviceId, conversationId,
				IDENTITY.publicKey().encode(), state);
	}

	private interface Content {

		void write(Connection connection) throws SQLException;

	}

}
