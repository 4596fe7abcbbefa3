package com.pacerelle.client.store.jdbc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
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
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.CONTEXT;
import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.digest;
import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static com.pacerelle.client.store.jdbc.TestChanges.kyber;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.preKeys;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static com.pacerelle.client.store.jdbc.TestChanges.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What somebody finds who reads or changes the files of a store with a key.
 */
class SealedStoreTests {

	private static final String MARKER = "Marker-4711-of-a-secret";

	private static final byte[] MARKER_BYTES = MARKER.getBytes(StandardCharsets.UTF_8);

	private static final byte[] KEY_MARKER = "Marker-of-a-key-that-has-32-byte".getBytes(StandardCharsets.UTF_8);

	private static final EncryptionKey FIRST = EncryptionKey.of(digest(101));

	private static final EncryptionKey SECOND = EncryptionKey.of(digest(102));

	private final SignedPreKey signed = signed(1);

	private final KyberPreKey kyber = kyber(2);

	@TempDir
	private Path root;

	@Test
	void noSecretIsFoundInTheFilesOfASealedStoreAndEachComesBack() throws Exception {
		SwitchedKeys keys = new SwitchedKeys(FIRST);
		byte[] identityKey;
		try (AgentStore store = open(keys)) {
			commitSecrets(store);
			identityKey = store.identityKeyPair().encodePrivateKey();
			assertNothingPlain(identityKey);
		}
		assertNothingPlain(identityKey);
		try (AgentStore store = open(keys)) {
			assertThat(store.identityKeyPair().encodePrivateKey()).isEqualTo(identityKey);
			assertSecrets(store);
		}
	}

	@Test
	void aPlainStoreThatGetsAKeyKeepsItsRecordsAndHasNothingPlainAnyMore() throws Exception {
		byte[] identityKey;
		try (AgentStore store = open(null)) {
			// Deleted rows and old versions too.
			commit(store, pending("old"), session(PEER, 0, MARKER_BYTES));
			commitSecrets(store);
			commit(store, frame(8), new Change.FramesDelivered(List.of(8L)));
			identityKey = store.identityKeyPair().encodePrivateKey();
		}
		assertThat(contains(MARKER_BYTES)).isTrue();
		assertThat(contains(identityKey)).isTrue();
		try (AgentStore store = open(new SwitchedKeys(FIRST))) {
			assertNothingPlain(identityKey);
			assertThat(store.identityKeyPair().encodePrivateKey()).isEqualTo(identityKey);
			assertSecrets(store);
		}
		assertNothingPlain(identityKey);
	}

	@Test
	void aVacuumThatACrashPreventedIsMadeUpFor() throws Exception {
		try (AgentStore store = open(new SwitchedKeys(FIRST))) {
			commit(store, pending("m1"));
		}
		execute("CREATE TABLE leftover (text TEXT); INSERT INTO leftover VALUES ('" + MARKER + "');"
				+ " PRAGMA secure_delete = OFF; DELETE FROM leftover; UPDATE agent SET vacuum_due = 1");
		assertThat(contains(MARKER_BYTES)).isTrue();

		open(new SwitchedKeys(FIRST)).close();

		assertThat(contains(MARKER_BYTES)).isFalse();
		assertThat(count("SELECT vacuum_due FROM agent")).isZero();
	}

	@Test
	void aSealedStoreWithoutAKeyOrWithAWrongOneIsRefusedAndNotTouched() throws Exception {
		open(new SwitchedKeys(FIRST)).close();
		Map<String, List<Byte>> before = files();

		assertRefused(null, "is encrypted, and there is no key", FIRST.id());
		assertRefused(new SwitchedKeys(SECOND), "not among the given ones", FIRST.id());
		assertRefused(new SwitchedKeys(new EncryptionKey(FIRST.id(), SECOND.key())), "does not open it", FIRST.id());

		assertThat(files()).isEqualTo(before);
		open(new SwitchedKeys(FIRST)).close();
	}

	@Test
	void aStoreOfACrashedProcessIsNotTouchedWithoutItsKeyEither() throws Exception {
		Path copy = this.root.resolve("copy");
		try (AgentStore store = open(new SwitchedKeys(FIRST))) {
			commit(store, pending("m1"));
			Files.createDirectories(copy.resolve("agent"));
			for (String name : List.of("agent.db", "agent.db-wal")) {
				Files.copy(this.root.resolve("agent").resolve(name), copy.resolve("agent").resolve(name));
			}
		}
		byte[] database = Files.readAllBytes(copy.resolve("agent/agent.db"));
		byte[] log = Files.readAllBytes(copy.resolve("agent/agent.db-wal"));
		assertThat(log).isNotEmpty();

		assertThatExceptionOfType(EncryptionKeyException.class)
			.isThrownBy(() -> SqliteAgentStore.open(copy, "agent", null));

		assertThat(Files.readAllBytes(copy.resolve("agent/agent.db"))).isEqualTo(database);
		assertThat(Files.readAllBytes(copy.resolve("agent/agent.db-wal"))).isEqualTo(log);
		try (AgentStore store = SqliteAgentStore.open(copy, "agent", new SwitchedKeys(FIRST))) {
			assertThat(store.receipt("m1")).isNotNull();
		}
	}

	@Test
	void keysThatCouldNotOpenTheStoreAgainAreRefusedBeforeAnythingIsSealed() {
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> open(new EncryptionKeys() {

			@Override
			public EncryptionKey current() {
				return FIRST;
			}

			@Override
			public @Nullable EncryptionKey find(String id) {
				return null;
			}

		})).withMessageContaining("is not found by its id");
		open(null).close();
	}

	@ParameterizedTest
	@EnumSource
	void aValueThatWasChangedOrMovedIsRefusedWithItsTableAndColumnOnly(SealedColumn column) throws Exception {
		SwitchedKeys keys = new SwitchedKeys(FIRST);
		try (AgentStore store = open(keys)) {
			commitSecrets(store);
		}
		String table = column.toString().substring(0, column.toString().indexOf('.'));
		String name = column.toString().substring(column.toString().indexOf('.') + 1);
		String other = (column == SealedColumn.SESSION) ? "(SELECT identity_key FROM agent)"
				: "(SELECT session FROM sessions)";
		for (String value : List.of(other, "X'01'", "X''", "CAST('" + MARKER + "' AS BLOB)",
				"substr(" + name + ", 1, length(" + name + ") - 1)")) {
			execute("CREATE TABLE saved AS SELECT * FROM " + table);
			execute("UPDATE " + table + " SET " + name + " = " + value + " WHERE " + name + " IS NOT NULL");

			assertThatExceptionOfType(StoreException.class).isThrownBy(() -> {
				try (AgentStore store = open(keys)) {
					assertSecrets(store);
				}
			})
				.withMessageContaining("A value of " + column + " was not sealed for its row")
				.withMessageNotContaining("kitchen")
				.withMessageNotContaining(MARKER);
			execute("DELETE FROM " + table + "; INSERT INTO " + table + " SELECT * FROM saved; DROP TABLE saved");
		}
		try (AgentStore store = open(keys)) {
			assertSecrets(store);
		}
	}

	@Test
	void twoRowsOfOneTableCannotBeExchanged() throws Exception {
		ProtocolAddress other = ProtocolAddress.of("human:bob:kitchen");
		try (AgentStore store = open(new SwitchedKeys(FIRST))) {
			commit(store, session(PEER, (byte) 1), session(other, (byte) 2));
		}
		execute("CREATE TABLE saved AS SELECT * FROM sessions; UPDATE sessions SET session ="
				+ " (SELECT session FROM saved WHERE saved.name <> sessions.name); DROP TABLE saved");
		try (AgentStore store = open(new SwitchedKeys(FIRST))) {
			for (ProtocolAddress peer : List.of(PEER, other)) {
				assertThatExceptionOfType(StoreException.class).isThrownBy(() -> store.session(peer))
					.withMessageContaining("sessions.session");
			}
		}
	}

	@Test
	void noNonceIsUsedTwiceAlsoAfterABackupWasPutBack() throws Exception {
		Path file = this.root.resolve("agent/agent.db");
		open(new SwitchedKeys(FIRST)).close();
		byte[] backup = Files.readAllBytes(file);
		List<List<Byte>> dataKeys = new ArrayList<>();
		List<List<Byte>> nonces = new ArrayList<>();
		for (int restored = 0; restored < 3; restored++) {
			Files.write(file, backup);
			// With all that is beside it, so that nothing tells.
			Files.deleteIfExists(this.root.resolve(".agent.generation"));
			try (AgentStore store = open(new SwitchedKeys(FIRST))) {
				commit(store, session(PEER, 0, (byte) 1));
				nonces.add(nonce());
				commit(store, session(PEER, 1, (byte) 2));
				nonces.add(nonce());
				dataKeys.add(bytes("SELECT sealed_key FROM data_keys ORDER BY number DESC LIMIT 1"));
			}
		}
		assertThat(dataKeys).doesNotHaveDuplicates();
		assertThat(nonces.subList(0, 2)).doesNotHaveDuplicates();
	}

	@Test
	void dataKeysThatNothingUsesAreDeleted() throws Exception {
		SwitchedKeys keys = new SwitchedKeys(FIRST);
		for (int i = 0; i < 5; i++) {
			try (AgentStore store = open(keys)) {
				commit(store, session(ProtocolAddress.of("human:ann:" + i % 2), i / 2, (byte) i));
			}
		}
		assertThat(count("SELECT count(*) FROM data_keys")).isEqualTo(5);
		try (SqliteAgentStore store = open(keys)) {
			store.keepUp();
		}
		// Of the identity, both sessions, and of the last opening.
		assertThat(count("SELECT count(*) FROM data_keys")).isEqualTo(4);
		assertThat(keys.retired).isEmpty();
		try (AgentStore store = open(keys)) {
			assertThat(store.session(ProtocolAddress.of("human:ann:0"))).isNotNull();
			assertThat(store.session(ProtocolAddress.of("human:ann:1"))).isNotNull();
		}
	}

	@Test
	void anotherKeySealsEverythingAgainWhileTheStoreIsUsed() throws Exception {
		SwitchedKeys keys = new SwitchedKeys(FIRST);
		try (SqliteAgentStore store = open(keys)) {
			commitSecrets(store);
			for (int i = 0; i < 3 * SealedRows.PAGE; i++) {
				store.commitAsync(List.of(session(ProtocolAddress.of("human:ann:" + i), (byte) i)));
			}
			commit(store, pending("m0"));
			keys.current = SECOND;
			AtomicBoolean stop = new AtomicBoolean();
			List<CompletableFuture<Void>> load = Stream.of(0, 1, 2)
				.map((worker) -> CompletableFuture.runAsync(() -> use(store, worker, stop)))
				.toList();

			store.keepUp();

			stop.set(true);
			load.forEach(CompletableFuture::join);
			assertThat(keys.retired).containsExactly(FIRST.id());
			assertSecrets(store);
			assertThat(count("SELECT count(*) FROM data_keys WHERE key_id = '" + FIRST.id() + "'")).isZero();
		}
		try (SqliteAgentStore store = open(new SwitchedKeys(SECOND))) {
			assertSecrets(store);
			for (int i = 0; i < 3 * SealedRows.PAGE; i++) {
				assertThat(store.session(ProtocolAddress.of("human:ann:" + i)).session()).endsWith((byte) i);
			}
			assertThat(store.receipt("m0")).isNotNull();
		}
	}

	/** Replaces sessions and reads them, as conversations do. */
	private static void use(AgentStore store, int worker, AtomicBoolean stop) {
		for (int i = 0; !stop.get(); i++) {
			int number = (i * 3 + worker) % (3 * SealedRows.PAGE);
			ProtocolAddress peer = ProtocolAddress.of("human:ann:" + number);
			long version = store.session(peer).version();
			store.commitAsync(List.of(session(peer, version, (byte) i, (byte) number))).join();
			assertThat(store.session(peer).session()).containsExactly((byte) i, (byte) number);
		}
	}

	@Test
	void anotherKeyAtStartNeedsThePreviousOneUntilEverythingIsSealedAgain() throws Exception {
		try (AgentStore store = open(new SwitchedKeys(FIRST))) {
			commitSecrets(store);
		}
		EncryptionKeys both = EncryptionKeys.of(SECOND, List.of(FIRST));
		open(both).close();
		assertRefused(new SwitchedKeys(SECOND), "not among the given ones", FIRST.id());
		try (SqliteAgentStore store = open(both)) {
			assertSecrets(store);
			store.keepUp();
		}
		try (AgentStore store = open(new SwitchedKeys(SECOND))) {
			assertSecrets(store);
		}
	}

	@Test
	void aValueThatCannotBeSealedAgainIsLeftAloneWithItsKey() throws Exception {
		SwitchedKeys keys = new SwitchedKeys(FIRST);
		try (AgentStore store = open(keys)) {
			commitSecrets(store);
		}
		execute("UPDATE votes SET vote = (SELECT session FROM sessions)");
		keys.current = SECOND;
		try (SqliteAgentStore store = open(keys)) {
			store.keepUp();
			assertThat(store.session(PEER)).isNotNull();
		}
		assertThat(keys.retired).isEmpty();
		assertThat(count("SELECT count(*) FROM data_keys WHERE key_id = '" + FIRST.id() + "'")).isOne();
	}

	@ParameterizedTest
	@EnumSource(names = { "PLAIN", "SEALED" })
	void whatWasReplacedOrDeletedIsInNoFileAfterAMinute(StoreKind kind) throws Exception {
		try (SqliteAgentStore store = (SqliteAgentStore) kind.open(this.root)) {
			commit(store, session(PEER, 0, MARKER_BYTES), session(ProtocolAddress.of("human:bob:x"), marker(5000)),
					new Change.MessagePending("m1", digest(1), MARKER, CONTEXT, NOW),
					new Change.FrameQueued(new OutboundFrame(1, MARKER.repeat(200))));
			store.keepUp();
			commit(store, session(PEER, 1, (byte) 1), session(ProtocolAddress.of("human:bob:x"), 1, (byte) 1),
					new Change.MessageAccepted("m1", NOW), new Change.FramesDelivered(List.of(1L)));
			assertThat(this.root.resolve("agent/agent.db-wal")).isNotEmptyFile();

			store.keepUp();

			assertThat(this.root.resolve("agent/agent.db-wal")).isEmptyFile();
			assertThat(contains(MARKER_BYTES)).isFalse();
		}
	}

	@Test
	void aKeyHas32BytesAndAFingerprintAndIsRedactedInText() {
		assertThat(FIRST.id()).hasSize(16).isNotEqualTo(SECOND.id());
		assertThat(FIRST).isEqualTo(EncryptionKey.of(digest(101))).isNotEqualTo(SECOND);
		assertThat(FIRST).hasToString("EncryptionKey[id=" + FIRST.id() + "]");
		assertThat(EncryptionKeys.of(FIRST, List.of(SECOND)).toString()).doesNotContain("[B@");
		assertThatIllegalArgumentException().isThrownBy(() -> EncryptionKey.of(new byte[16]));
		assertThatIllegalArgumentException().isThrownBy(() -> new EncryptionKey("", new byte[32]));
		byte[] key = FIRST.key();
		Arrays.fill(key, (byte) 0);
		assertThat(FIRST.key()).isEqualTo(digest(101));
	}

	private void commitSecrets(AgentStore store) {
		EcPublicKey baseKey = TestChanges.IDENTITY.publicKey();
		StoreChange.SessionUpdated update = new StoreChange.SessionUpdated(PEER,
				(store.session(PEER) != null) ? store.session(PEER).version() : 0, MARKER_BYTES);
		commit(store, new Change.Session(update),
				new Change.Session(new StoreChange.SessionArchived(PEER, baseKey, List.of(baseKey), MARKER_BYTES)),
				preKeys(this.signed, this.kyber, NOW), new Change.MessagePending("m1", digest(1), MARKER, CONTEXT, NOW),
				new Change.FrameQueued(new OutboundFrame(9, MARKER)),
				new Change.WidgetIssued(new IssuedWidget("kitchen", "w", "group:kitchen", null, null, NOW, null,
						IssuedWidget.Answering.COLLECTIVE, MARKER, MARKER, null)),
				new Change.VoteCast("kitchen", "w", "ann", MARKER),
				new Change.HistoryKeyDelivered(new KnownHistoryKey("kitchen", "ann", "phone", baseKey,
						new HistoryKey("h", 1, KEY_MARKER), NOW)),
				new Change.GroupKeyReceived(new GroupKey("kitchen", "g", 1, KEY_MARKER), "ann", NOW));
	}

	private void assertSecrets(AgentStore store) {
		EcPublicKey baseKey = TestChanges.IDENTITY.publicKey();
		assertThat(store.session(PEER).session()).isEqualTo(MARKER_BYTES);
		assertThat(store.archivedSession(PEER, baseKey)).isEqualTo(MARKER_BYTES);
		assertThat(store.archivedSessionThatKnows(PEER, baseKey)).isEqualTo(MARKER_BYTES);
		assertThat(store.archivedSessions(PEER)).hasSize(1);
		assertThat(store.kyberPreKey(2)).usingRecursiveComparison().isEqualTo(this.kyber);
		assertThat(store.signedPreKey(1).keyPair().encodePrivateKey())
			.isEqualTo(this.signed.keyPair().encodePrivateKey());
		assertThat(store.receipt("m1").payload()).isEqualTo(MARKER);
		assertThat(store.undelivered(8, 1)).containsExactly(new OutboundFrame(9, MARKER));
		assertThat(store.issuedWidgets("kitchen", "w", "group:kitchen")).singleElement().satisfies((widget) -> {
			assertThat(widget.data()).isEqualTo(MARKER);
			assertThat(widget.ballot()).isEqualTo(MARKER);
		});
		assertThat(store.votes("kitchen", "w")).containsExactly(Map.entry("ann", MARKER));
		assertThat(store.historyKeys("kitchen", "ann")).singleElement()
			.satisfies((known) -> assertThat(known.key().key()).isEqualTo(KEY_MARKER));
		assertThat(store.groupKey("kitchen", "g", 1).key()).isEqualTo(KEY_MARKER);
	}

	private void assertNothingPlain(byte[] identityKey) throws IOException {
		for (byte[] secret : List.of(MARKER_BYTES, KEY_MARKER, identityKey, this.kyber.secretKey(),
				this.signed.keyPair().encodePrivateKey(), FIRST.key())) {
			assertThat(contains(secret)).isFalse();
		}
	}

	private void assertRefused(@Nullable EncryptionKeys keys, String... message) {
		assertThatExceptionOfType(EncryptionKeyException.class).isThrownBy(() -> open(keys))
			.withMessageContainingAll(message)
			.withMessageContaining(this.root.resolve("agent").toString());
	}

	private static byte[] marker(int length) {
		return MARKER.repeat(length / MARKER.length()).getBytes(StandardCharsets.UTF_8);
	}

	private List<Byte> nonce() throws SQLException {
		return bytes("SELECT substr(session, 2, 12) FROM sessions");
	}

	private List<Byte> bytes(String sql) throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			return boxed(row.getBytes(1));
		}
	}

	private boolean contains(byte[] secret) throws IOException {
		String wanted = new String(secret, StandardCharsets.ISO_8859_1);
		try (Stream<Path> files = Files.list(this.root.resolve("agent"))) {
			for (Path file : files.toList()) {
				if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(wanted)) {
					return true;
				}
			}
			return false;
		}
	}

	private Map<String, List<Byte>> files() throws IOException {
		Map<String, List<Byte>> contents = new TreeMap<>();
		try (Stream<Path> files = Files.list(this.root.resolve("agent"))) {
			for (Path file : files.toList()) {
				contents.put(file.getFileName().toString(), boxed(Files.readAllBytes(file)));
			}
		}
		return contents;
	}

	private static List<Byte> boxed(byte[] bytes) {
		Byte[] boxed = new Byte[bytes.length];
		Arrays.setAll(boxed, (i) -> bytes[i]);
		return List.of(boxed);
	}

	private int count(String sql) throws SQLException {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery(sql)) {
			return row.getInt(1);
		}
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.executeUpdate(sql);
		}
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:sqlite:" + this.root.resolve("agent").resolve("agent.db"));
	}

	private static void commit(AgentStore store, Change... changes) {
		assertThat(store.commitAsync(List.of(changes))).succeedsWithin(Duration.ofMinutes(1));
	}

	private SqliteAgentStore open(@Nullable EncryptionKeys keys) {
		return (SqliteAgentStore) SqliteAgentStore.open(this.root, "agent", keys);
	}

	/**
	 * The keys of a service that is told to use another one.
	 */
	private static final class SwitchedKeys implements EncryptionKeys {

		private final List<EncryptionKey> known = new CopyOnWriteArrayList<>();

		private final List<String> retired = new CopyOnWriteArrayList<>();

		private volatile EncryptionKey current;

		SwitchedKeys(EncryptionKey current) {
			this.current = current;
			this.known.add(current);
		}

		@Override
		public EncryptionKey current() {
			EncryptionKey key = this.current;
			this.known.add(key);
			return key;
		}

		@Override
		public @Nullable EncryptionKey find(String id) {
			return this.known.stream().filter((key) -> key.id().equals(id)).findFirst().orElse(null);
		}

		@Override
		public void retired(String store, String id) {
			this.retired.add(id);
		}

	}

}
