package com.pacerelle.client.store.jdbc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeyException;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.StoreMovedException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.StoreChange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.accepted;
import static com.pacerelle.client.store.jdbc.TestChanges.baseKeySeen;
import static com.pacerelle.client.store.jdbc.TestChanges.digest;
import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static com.pacerelle.client.store.jdbc.TestChanges.identitySeen;
import static com.pacerelle.client.store.jdbc.TestChanges.kyber;
import static com.pacerelle.client.store.jdbc.TestChanges.oneTimePreKeys;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.preKeys;
import static com.pacerelle.client.store.jdbc.TestChanges.publicKey;
import static com.pacerelle.client.store.jdbc.TestChanges.rejected;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static com.pacerelle.client.store.jdbc.TestChanges.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StoreMoveTests {

	private static final EncryptionKeys KEYS = EncryptionKeys.of(EncryptionKey.of(digest(7)), List.of());

	private static final EncryptionKeys OTHER_KEYS = EncryptionKeys.of(EncryptionKey.of(digest(8)), List.of());

	private final String agent = UUID.randomUUID().toString();

	private final PostgresStores postgres = new PostgresStores(TestPostgres.dataSource());

	@TempDir
	private Path root;

	@Test
	void noTableIsForgotten() throws SQLException {
		fill(null);
		assertThat(Stream.of(Table.values()).map(Table::toString))
			.containsExactlyInAnyOrderElementsOf(names("jdbc:sqlite:" + file(),
					"SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'data_keys'"));
		try (Connection connection = TestPostgres.dataSource().getConnection()) {
			this.postgres.migrated();
			assertThat(Stream.of(Table.values()).map(Table::toString)).containsExactlyInAnyOrderElementsOf(names(
					connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'pacerelle'"
							+ " AND table_name NOT IN ('schema_version', 'leases', 'data_keys', 'installations')"));
		}
	}

	@Test
	void noColumnIsForgotten() {
		fill(null);
		Map<Table, List<String>> sqlite = columns(ClosedStore.sqlite(this.root, this.agent, null));
		Map<Table, List<String>> postgres = columns(ClosedStore.postgres(this.postgres.migrated(), this.agent, null));

		assertThat(sqlite).isEqualTo(postgres);
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "true, true", "false, true", "true, false" })
	void everyRowOfEveryTableMovesThereAndBack(boolean sealedHere, boolean sealedThere) {
		EncryptionKeys here = sealedHere ? KEYS : null;
		EncryptionKeys there = sealedThere ? OTHER_KEYS : null;
		fill(here);
		Map<Table, List<String>> before = rows(ClosedStore.sqlite(this.root, this.agent, here));
		assertThat(before).allSatisfy((table, rows) -> assertThat(rows).as("rows of %s", table).isNotEmpty());

		StoreMove.toPostgres(this.root, here, this.postgres, this.agent, there).close();

		assertThat(rows(ClosedStore.postgres(this.postgres.migrated(), this.agent, there))).isEqualTo(before);

		Path elsewhere = this.root.resolve("elsewhere");
		StoreMove.toSqlite(this.postgres, there, elsewhere, this.agent, here).close();

		assertThat(rows(ClosedStore.sqlite(elsewhere, this.agent, here))).isEqualTo(before);
	}

	@Test
	void manyRowsMoveInTheirOrder() {
		try (AgentStore store = SqliteAgentStore.open(this.root, this.agent)) {
			store.commitAndWait(IntStream.range(0, 3 * Statements.BATCH + 1)
				.boxed()
				.flatMap((i) -> Stream.<Change>of(pending("m" + i, new ReplyContext("user" + i % 7, "c", "d")),
						accepted("m" + i)))
				.toList());
		}
		Map<Table, List<String>> before = rows(ClosedStore.sqlite(this.root, this.agent, null));

		try (AgentStore store = StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null)) {
			store.commitAndWait(List.of(pending("next"), accepted("next")));
			assertThat(store.replyContext("m1503")).isNull();
			assertThat(store.replyContext("m1500").userId()).isEqualTo("user" + 1500 % 7);
		}
		List<String> receipts = rows(ClosedStore.postgres(this.postgres.migrated(), this.agent, null))
			.get(Table.RECEIPTS);
		assertThat(receipts.subList(0, receipts.size() - 1)).isEqualTo(before.get(Table.RECEIPTS));
	}

	@Test
	void theOldStoreSaysWhereTheStateIs() {
		fill(null);
		StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null).close();

		assertThatExceptionOfType(StoreMovedException.class)
			.isThrownBy(() -> SqliteAgentStore.open(this.root, this.agent))
			.withMessageContaining("was moved from this store to PostgreSQL (agent '" + this.agent + "')");

		StoreMove.toSqlite(this.postgres, null, this.root, this.agent, null).close();

		assertThatExceptionOfType(StoreMovedException.class).isThrownBy(() -> this.postgres.open(this.agent, null))
			.withMessageContaining("was moved from this store to " + this.root.resolve(this.agent));
	}

	@Test
	void theStateMovesThereAndBackAgainAndAgain() {
		fill(null);
		for (int i = 1; i < 4; i++) {
			try (AgentStore store = StoreMove.toPostgres(this.root, null, this.postgres, this.agent, KEYS)) {
				store.commitAndWait(List.of(frame(100L * i)));
			}
			try (AgentStore store = StoreMove.toSqlite(this.postgres, KEYS, this.root, this.agent, null)) {
				assertThat(store.lastSequence()).isEqualTo(100L * i);
				store.commitAndWait(List.of(frame(100L * i + 1)));
			}
		}
	}

	@Test
	void whatWasMovedIsNotMovedTwice() {
		fill(null);
		try (AgentStore store = StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null)) {
			store.commitAndWait(List.of(frame(77)));
		}
		try (AgentStore store = StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null)) {
			assertThat(store.lastSequence()).isEqualTo(77);
		}
	}

	@Test
	void aMoveThatWasInterruptedIsFinishedByTheNextOne() {
		fill(null);
		Map<Table, List<String>> before = rows(ClosedStore.sqlite(this.root, this.agent, null));
		try (ClosedStore source = ClosedStore.sqlite(this.root, this.agent, null)) {
			source.transact((statements) -> statements.update(Sql.SET_MOVED_TO, Lease.describe(this.agent)));
		}
		assertThatExceptionOfType(StoreMovedException.class)
			.isThrownBy(() -> SqliteAgentStore.open(this.root, this.agent));

		StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null).close();

		assertThat(rows(ClosedStore.postgres(this.postgres.migrated(), this.agent, null))).isEqualTo(before);
	}

	@Test
	void aMoveThatFailsChangesNothing() {
		fill(KEYS);
		assertThatExceptionOfType(EncryptionKeyException.class)
			.isThrownBy(() -> StoreMove.toPostgres(this.root, OTHER_KEYS, this.postgres, this.agent, null));
		assertThatExceptionOfType(EncryptionKeyException.class)
			.isThrownBy(() -> StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null));

		SqliteAgentStore.open(this.root, this.agent, KEYS).close();
		try (ClosedStore target = ClosedStore.postgres(this.postgres.migrated(), this.agent, null)) {
			assertThat(target.transact(OwnIdentity::isStored)).isFalse();
		}
	}

	@Test
	void anAgentThatHasAStoreThereIsNotReplaced() {
		fill(null);
		this.postgres.open(this.agent, null).close();

		assertThatExceptionOfType(StoreImportException.class)
			.isThrownBy(() -> StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null))
			.withMessageContaining("the agent has a store in PostgreSQL");
		SqliteAgentStore.open(this.root, this.agent).close();
	}

	@Test
	void aStateThatWasMovedElsewhereIsNotMovedAgain() {
		fill(null);
		StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null).close();
		StoreMove.toSqlite(this.postgres, null, this.root.resolve("elsewhere"), this.agent, null).close();

		assertThatExceptionOfType(StoreMovedException.class)
			.isThrownBy(() -> StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null));
		assertThatExceptionOfType(StoreMovedException.class)
			.isThrownBy(() -> StoreMove.toSqlite(this.postgres, null, this.root.resolve("third"), this.agent, null));
	}

	@Test
	void nothingIsMovedFromWhereNothingIs() {
		assertThatExceptionOfType(StoreImportException.class)
			.isThrownBy(() -> StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null))
			.withMessageContaining("there is no store of agent");
		assertThat(Files.exists(this.root.resolve(this.agent))).isFalse();
		assertThatExceptionOfType(StoreImportException.class)
			.isThrownBy(() -> StoreMove.toSqlite(this.postgres, null, this.root, this.agent, null))
			.withMessageContaining("has no state of the agent");
	}

	@Test
	void aStoreThatIsInUseIsNotMoved() {
		fill(null);
		try (AgentStore store = SqliteAgentStore.open(this.root, this.agent)) {
			assertThatExceptionOfType(StoreInUseException.class)
				.isThrownBy(() -> StoreMove.toPostgres(this.root, null, this.postgres, this.agent, null));
			store.commitAndWait(List.of(frame(78)));
		}
	}

	@Test
	void aDamagedValueStopsTheMoveAndTheOldStoreGoesOn() throws SQLException {
		fill(KEYS);
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
				Statement statement = connection.createStatement()) {
			statement.executeUpdate("UPDATE outbox SET json = x'010203'");
		}
		assertThatExceptionOfType(StoreException.class)
			.isThrownBy(() -> StoreMove.toPostgres(this.root, KEYS, this.postgres, this.agent, KEYS));

		SqliteAgentStore.open(this.root, this.agent, KEYS).close();
	}

	@Test
	void theScriptOfTheDocumentationRemovesAnAgentAndNoOther() throws Exception {
		fill(KEYS);
		StoreMove.toPostgres(this.root, KEYS, this.postgres, this.agent, KEYS).close();
		this.postgres.open(this.agent + "-other", null).close();
		String page = Files.readString(Path.of("..", "docs", "operations.md"));
		String script = page.substring(page.indexOf("```sql") + "```sql".length(), page.lastIndexOf("```"));
		try (Connection connection = TestPostgres.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(script.replace("'agent-1'", "'" + this.agent + "'"));
			assertThat(names(connection, "SELECT agent_id FROM pacerelle.leases")).contains(this.agent + "-other")
				.doesNotContain(this.agent);
		}
		this.postgres.open(this.agent, null).close();
		try (ClosedStore store = ClosedStore.postgres(this.postgres.migrated(), this.agent + "-other", null)) {
			assertThat(store.transact(OwnIdentity::isStored)).isTrue();
		}
	}

	private void fill(@Nullable EncryptionKeys keys) {
		EcPublicKey key = publicKey();
		ProtocolAddress other = ProtocolAddress.of("human:bob:kitchen");
		KnownIdentity phone = new KnownIdentity("ann", "phone", "kitchen", key, NOW, KnownIdentity.State.TRUSTED);
		GroupKey groupKey = new GroupKey("hall", "k1", 3, digest(3));
		try (AgentStore store = SqliteAgentStore.open(this.root, this.agent, keys)) {
			store.commitAndWait(List.of(session(PEER, (byte) 1), session(other, (byte) 2), identitySeen(PEER, key),
					baseKeySeen(1, -2, key), preKeys(signed(1), kyber(-1), NOW), oneTimePreKeys(NOW, 3, 4),
					pending("m1"), pending("m2"), accepted("m2"), rejected("m3"), pending("m4"),
					pending("m5", new ReplyContext("bob", "kitchen", null)), accepted("m5"),
					new Change.MessageDead("m4", 5, "Failure", NOW), new Change.MessageFailed("m1", 2, "Other", NOW),
					new Change.MessageWaiting("m6", digest(6), "text", new ReplyContext("eve", "c", "new"), NOW),
					new Change.PeerNameSeen("ann", "kitchen", "phone", true),
					new Change.DeviceUsed("ann", "kitchen", "phone"), new Change.IdentityKnown(phone),
					new Change.WidgetIssued(new IssuedWidget("kitchen", "w1", "ann", "ann", "m1", NOW,
							NOW.plusSeconds(60), IssuedWidget.Answering.ONCE, "data", null, null)),
					new Change.WidgetIssued(new IssuedWidget("hall", "w2", "group:hall", null, null, NOW, null,
							IssuedWidget.Answering.COLLECTIVE, null, "ballot", null)),
					new Change.VoteCast("hall", "w2", "ann", "yes"),
					new Change.HistoryKeyDelivered(new KnownHistoryKey("kitchen", "ann", "phone", key,
							new HistoryKey("h1", 1, digest(4)), NOW)),
					new Change.GroupKeyReceived(groupKey, "ann", NOW),
					new Change.GroupNonceUsed("hall", "k1", 3, Arrays.copyOf(digest(5), 12), "ann"), frame(9),
					frame(10), new Change.TimePassed(NOW)));
			for (int i = 0; i < 3; i++) {
				EcPublicKey baseKey = publicKey();
				store.commitAndWait(List.of(
						new Change.Session(new StoreChange.SessionArchived((i == 1) ? other : PEER, baseKey,
								List.of(publicKey(), publicKey()), new byte[] { (byte) i })),
						session((i == 1) ? other : PEER, (i == 2) ? 2 : 1, (byte) (10 + i))));
			}
		}
	}

	private Path file() {
		return this.root.resolve(this.agent).resolve("agent.db");
	}

	/** All rows, opened, with numbers of rows as their places. */
	private static Map<Table, List<String>> rows(ClosedStore store) {
		try (store) {
			return store.transact((statements) -> {
				Seal seal = store.opens(statements);
				Map<Table, Map<Object, Integer>> places = new HashMap<>();
				Map<Table, List<String>> result = new TreeMap<>();
				for (Table table : Table.values()) {
					List<String> rows = new ArrayList<>();
					List<String> columns = StateCopy.copied(statements.columns(table.toString()), table);
					statements.each(
							"SELECT * FROM " + table + " WHERE agent = ?0" + (table.isNumbered() ? " ORDER BY id" : ""),
							(row) -> {
								if (table.isNumbered()) {
									Map<Object, Integer> known = places.computeIfAbsent(table,
											(key) -> new HashMap<>());
									known.put(row.getLong("id"), known.size());
								}
								rows.add(row(table, columns, row, seal, places));
							});
					result.put(table, table.isNumbered() ? rows : rows.stream().sorted().toList());
				}
				return result;
			});
		}
	}

	private static String row(Table table, List<String> columns, ResultSet row, Seal seal,
			Map<Table, Map<Object, Integer>> places) throws SQLException {
		StringBuilder text = new StringBuilder();
		for (String column : columns) {
			Object value = row.getObject(column);
			for (SealedColumn sealed : SealedColumn.of(table.toString())) {
				if (sealed.column().equals(column) && value != null) {
					Object[] key = new Object[sealed.keySize()];
					for (int i = 0; i < key.length; i++) {
						key[i] = row.getObject(sealed.key().get(i));
					}
					value = seal.open(sealed, (byte[]) value, key);
				}
			}
			if (column.equals(table.reference())) {
				value = places.get(table.referenced()).get(row.getLong(column));
			}
			text.append(column)
				.append('=')
				.append((value instanceof byte[] bytes) ? HexFormat.of().formatHex(bytes) : value)
				.append(' ');
		}
		return text.toString();
	}

	private static Map<Table, List<String>> columns(ClosedStore store) {
		try (store) {
			return store.transact((statements) -> {
				Map<Table, List<String>> result = new TreeMap<>();
				for (Table table : Table.values()) {
					result.put(table, StateCopy.copied(statements.columns(table.toString()), table));
				}
				return result;
			});
		}
	}

	private static List<String> names(String url, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url)) {
			return names(connection, sql);
		}
	}

	private static List<String> names(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			List<String> names = new ArrayList<>();
			while (rows.next()) {
				names.add(rows.getString(1));
			}
			return names;
		}
	}

}
