package com.pacerelle.client.migration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.pacerelle.client.LogCapture;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.GroupKey;
import com.pacerelle.client.store.KnownGroupKey;
import com.pacerelle.client.store.KnownHistoryKey;
import com.pacerelle.client.store.KnownIdentity;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.client.store.jdbc.TestPostgres;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.session.SessionCipher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * What a new store has after the import of the Python SDK's.
 */
class SdkStoreImportTests {

	private static final ProtocolAddress ALICE = ProtocolAddress.of("human:alice:conv-alice:device:phone");

	private static final String ACCEPTED = "48eafca1-3eba-43cb-af87-1511e049d4d1";

	private static final String DIGEST = "7cce641b987991ce4a7d7d89e8b69f1656c97ef703227c0d485d4c6fcf114f8b";

	private static final int SIGNED_PREKEY = 734_593_488;

	private static final String KEY_B64 = Base64.getEncoder().encodeToString(new byte[32]);

	@TempDir
	private Path root;

	@TempDir
	private Path python;

	private final SdkStore sdk = new SdkStore();

	@Test
	void theAgentKeepsItsIdentityAndItsSessions() {
		EcPublicKey identity;
		try (AgentStore store = open()) {
			identity = store.identityKeyPair().publicKey();
			assertThat(store.registrationId()).isEqualTo(79);
			SessionCipher cipher = new SessionCipher(store, new SecureRandom(), Clock.systemUTC());
			assertThat(cipher.encrypt(ALICE, new byte[] { 1 })).isNotEmpty();
			store.commit(cipher.changes());
			KnownIdentity alice = store.knownIdentity("alice", "phone", "conv-alice");
			assertThat(alice.state()).isEqualTo(KnownIdentity.State.TRUSTED);
			assertThat(alice.identity()).isEqualTo(store.identity(ALICE));
			assertThat(store.lastDevice("alice", "conv-alice")).isEqualTo("phone");
		}
		try (AgentStore store = SqliteAgentStore.open(this.root, SdkStore.AGENT_ID)) {
			assertThat(store.identityKeyPair().publicKey()).isEqualTo(identity);
			assertThat(store.session(ALICE).version()).isEqualTo(2);
		}
	}

	@Test
	void theAgentMovesIntoPostgresOnce() {
		PostgresStores stores = new PostgresStores(TestPostgres.dataSource());
		Path missing = this.root.resolve("signal.db");
		assertThatExceptionOfType(StoreImportException.class)
			.isThrownBy(() -> SdkStoreImport.open(missing, stores, SdkStore.AGENT_ID, null));
		Path file = this.sdk.write(this.python);
		EcPublicKey identity;
		try (AgentStore store = SdkStoreImport.open(file, stores, SdkStore.AGENT_ID, null)) {
			identity = store.identityKeyPair().publicKey();
			assertThat(store.registrationId()).isEqualTo(79);
			assertThat(store.session(ALICE)).isNotNull();
			assertThat(store.oneTimePreKeyCount()).isEqualTo(49);
			assertThat(store.receipt(ACCEPTED).state()).isEqualTo(Receipt.State.ACCEPTED);
			assertThat(store.lastDevice("alice", "conv-alice")).isEqualTo("phone");
		}
		try (LogCapture log = new LogCapture();
				AgentStore store = SdkStoreImport.open(file, stores, SdkStore.AGENT_ID, null)) {
			assertThat(store.identityKeyPair().publicKey()).isEqualTo(identity);
			assertThat(log.lines()).anyMatch((line) -> line.contains("that was done before"));
		}
	}

	@Test
	void whatWasEncryptedForItsPreKeysCanBeReadAndNewOnesAreMade() {
		try (AgentStore store = open()) {
			assertThat(store.oneTimePreKeyCount()).isEqualTo(49);
			assertThat(store.unpublishedOneTimePreKeys()).isEmpty();
			assertThat(store.signedPreKey(SIGNED_PREKEY)).isNotNull();
			assertThat(store.kyberPreKey(SIGNED_PREKEY)).isNotNull();
			assertThat(store.isBundlePublished()).isTrue();
			assertThat(store.currentSignedPreKey()).isNull();
			assertThat(store.currentKyberPreKey()).isNull();
			assertThat(store.reservePreKeyIds(1)).isEqualTo(734_593_539);
		}
	}

	@Test
	void messagesAreNotHandledTwice() {
		this.sdk.addContext("m1", "alice", "conv-alice");
		this.sdk.object("pending_messages").putObject("m1").put("digest", DIGEST).put("text", "Hello");
		try (AgentStore store = open()) {
			Receipt accepted = store.receipt(ACCEPTED);
			assertThat(accepted.state()).isEqualTo(Receipt.State.ACCEPTED);
			assertThat(accepted.isOf(HexFormat.of().parseHex(DIGEST))).isTrue();
			assertThat(accepted.receivedAt()).isEqualTo(Instant.ofEpochMilli(1_795_301_144_927L));
			assertThat(store.replyContext(ACCEPTED)).isEqualTo(new ReplyContext("alice", "conv-alice", "phone"));
			Receipt pending = store.receipt("m1");
			assertThat(pending.state()).isEqualTo(Receipt.State.PENDING);
			assertThat(pending.payload()).isEqualTo("Hello");
		}
	}

	@Test
	void aDeviceUsesThePlainNameUnlessItHasAnotherIdentityThere() {
		EcPublicKey plain = EcKeyPair.generate(new SecureRandom()).publicKey();
		this.sdk.addIdentity("human:alice:conv-alice", plain);
		this.sdk.addIdentity("human:bob:conv-bob", plain);
		this.sdk.fields.putArray("legacy_device_sessions")
			.add("[\"alice\",\"conv-alice\"]:phone")
			.add("[\"bob\",\"conv-bob\"]:desk")
			.add("[\"carol\",\"conv-carol\"]:desk");
		try (AgentStore store = open()) {
			assertThat(store.usesPlainName("alice", "conv-alice", "phone")).isFalse();
			assertThat(store.usesPlainName("bob", "conv-bob", "desk")).isTrue();
			assertThat(store.knownIdentity("bob", "desk", "conv-bob").identity()).isEqualTo(plain);
			assertThat(store.knownIdentity("bob", null, "conv-bob").identity()).isEqualTo(plain);
			assertThat(store.usesPlainName("carol", "conv-carol", "desk")).isFalse();
		}
	}

	@Test
	void aDeviceWithoutAnIdentityIsNotTheLastOne() {
		this.sdk.object("last_devices").put("[\"alice\",\"team\"]", "laptop");
		try (AgentStore store = open()) {
			assertThat(store.lastDevice("alice", "team")).isNull();
		}
	}

	@Test
	void archiveKeysBelongToTheOnlyPersonOfTheirConversation() {
		EcPublicKey bob = EcKeyPair.generate(new SecureRandom()).publicKey();
		for (String conversation : List.of("conv-alice", "team", "shared")) {
			this.sdk.object("history_keys")
				.putObject(conversation)
				.put("key_id", "k1")
				.put("epoch", 1)
				.put("raw_key_b64", KEY_B64);
		}
		this.sdk.addIdentity("human:alice:shared", bob);
		this.sdk.addIdentity("human:bob:shared", bob);
		this.sdk.addIdentity("human:bob:team", bob);
		addGroupKey("team");
		try (AgentStore store = open()) {
			assertThat(store.historyKeys("conv-alice", "alice")).singleElement()
				.extracting(KnownHistoryKey::deviceId)
				.isEqualTo("phone");
			assertThat(store.historyKeys("team", "group:team")).hasSize(1);
			assertThat(store.historyKeys("shared", "alice")).isEmpty();
			assertThat(store.historyKeys("shared", "bob")).isEmpty();
			assertThat(store.groupKeys("team")).extracting(KnownGroupKey::keyId, KnownGroupKey::givenBy)
				.containsExactly(tuple("g1", ""));
			assertThat(store.groupKey("team", "g1", 3)).extracting(GroupKey::key).isEqualTo(new byte[32]);
		}
	}

	private void addGroupKey(String conversation) {
		this.sdk.fields.putArray("group_sender_keys")
			.addObject()
			.put("type", "pacerelle.group.sender_key")
			.put("v", 1)
			.put("conversation_id", conversation)
			.put("key_id", "g1")
			.put("epoch", 3)
			.put("raw_key_b64", KEY_B64);
	}

	@Test
	void idsWithSeparatorsAreToldApartByTheMessagesOfThePerson() {
		EcPublicKey identity = EcKeyPair.generate(new SecureRandom()).publicKey();
		this.sdk.addIdentity("human:matrix:carol:conv", identity);
		this.sdk.addIdentity("human:matrix:dave:conv", identity);
		this.sdk.addContext("m1", "matrix:carol", "conv");
		try (LogCapture log = new LogCapture(); AgentStore store = open()) {
			assertThat(log.lines())
				.anyMatch((line) -> line.startsWith("WARN 1 sessions of the Python SDK were left out"))
				.noneMatch((line) -> line.contains("matrix"));
			assertThat(store.knownIdentity("matrix:carol", null, "conv")).isNotNull();
			assertThat(store.identity(ProtocolAddress.of("human:matrix%3Acarol:conv"))).isEqualTo(identity);
			assertThat(store.identities("matrix:dave")).isEmpty();
			assertThat(store.identities("matrix")).isEmpty();
		}
	}

	@Test
	void theStateOfAnEarlySdkHasSessionsOnly() {
		Path file = SdkStore.write(this.python, this.sdk.signal());
		try (AgentStore store = open(file, null)) {
			assertThat(store.session(ALICE)).isNotNull();
			assertThat(store.receipt(ACCEPTED)).isNull();
			assertThat(store.reservePreKeyIds(1)).isEqualTo(734_593_539);
		}
	}

	@Test
	void secretsAreEncryptedInAnEncryptedStore() throws IOException {
		EncryptionKeys keys = EncryptionKeys.of(EncryptionKey.of(new byte[32]), List.of());
		byte[] privateKey;
		try (AgentStore store = open(this.sdk.write(this.python), keys)) {
			privateKey = store.identityKeyPair().encodePrivateKey();
			assertThat(store.session(ALICE)).isNotNull();
			assertThat(store.oneTimePreKeyCount()).isEqualTo(49);
		}
		byte[] written = Files.readAllBytes(this.root.resolve(SdkStore.AGENT_ID).resolve("agent.db"));
		assertThat(HexFormat.of().formatHex(written)).doesNotContain(HexFormat.of().formatHex(privateKey));
	}

	@Test
	void anImportIsDoneOnceAndLeavesTheFileAsItWas() throws IOException {
		Path file = this.sdk.write(this.python);
		byte[] before = Files.readAllBytes(file);
		try (AgentStore store = open(file, null)) {
			store.commitAndWait(List.of(new Change.DeviceUsed("alice", "conv-alice", "desk")));
		}
		try (LogCapture log = new LogCapture(); AgentStore store = open(file, null)) {
			assertThat(store.lastDevice("alice", "conv-alice")).isEqualTo("desk");
			assertThat(log.lines()).contains("INFO Nothing is imported from " + file + ": that was done before");
		}
		assertThat(Files.readAllBytes(file)).isEqualTo(before);
		assertThat(this.python).isDirectoryContaining("glob:**signal.db").isDirectoryNotContaining("glob:**-{wal,shm}");
		Files.delete(file);
		try (LogCapture log = new LogCapture()) {
			open(file, null).close();
			assertThat(log.lines()).anyMatch((line) -> line.startsWith("WARN Nothing is imported"));
		}
	}

	@Test
	void aStoreWithAnotherIdentityIsNotReplaced() {
		EcPublicKey identity;
		try (AgentStore store = SqliteAgentStore.open(this.root, SdkStore.AGENT_ID)) {
			identity = store.identityKeyPair().publicKey();
		}
		assertThatExceptionOfType(StoreImportException.class).isThrownBy(this::open)
			.withMessageContaining("has a store already, with another identity");
		try (AgentStore store = SqliteAgentStore.open(this.root, SdkStore.AGENT_ID)) {
			assertThat(store.identityKeyPair().publicKey()).isEqualTo(identity);
		}
	}

	@ParameterizedTest
	@MethodSource
	void isRefused(Consumer<SdkStore> change, String message) {
		change.accept(this.sdk);
		assertThatExceptionOfType(StoreImportException.class).isThrownBy(this::open)
			.withMessageContaining(message)
			.withNoCause();
		// Nothing was stored.
		try (AgentStore store = open(new SdkStore().write(this.python), null)) {
			assertThat(store.session(ALICE)).isNotNull();
		}
	}

	static Stream<Arguments> isRefused() {
		return Stream.of(refused("newer", (sdk) -> sdk.fields.put("v", 2), "has a format that is not known"),
				refused("another kind", (sdk) -> sdk.fields.put("kind", "x"), "has a format that is not known"),
				refused("another agent", (sdk) -> sdk.fields.put("agent_id", "other"), "is that of another agent"),
				refused("no receipts", (sdk) -> sdk.fields.remove("accepted_messages"), "is damaged"),
				refused("no counter", (sdk) -> sdk.fields.remove("last_prekey_id"), "is damaged"),
				refused("no Base64", (sdk) -> sdk.fields.put("signal_b64", "?"), "is damaged"),
				refused("a part of the sessions", (sdk) -> sdk.setSignal(new byte[100]), "is damaged"),
				refused("a short key",
						(sdk) -> sdk.object("history_keys")
							.putObject("conv")
							.put("key_id", "k")
							.put("epoch", 1)
							.put("raw_key_b64", "AAAA"),
						"is damaged"),
				refused("a session of another identity", SdkStoreImportTests::replaceOwnIdentity, "is damaged"));
	}

	private static Arguments refused(String name, Consumer<SdkStore> change, String message) {
		return argumentSet(name, change, message);
	}

	/**
	 * The key pair comes first: 4 + 4 bytes magic, 4 version, 4 length, 2 + 33, 2 + 32.
	 */
	private static void replaceOwnIdentity(SdkStore sdk) {
		byte[] signal = sdk.signal();
		EcKeyPair other = EcKeyPair.generate(new SecureRandom());
		System.arraycopy(other.publicKey().encode(), 0, signal, 18, 33);
		System.arraycopy(other.encodePrivateKey(), 0, signal, 53, 32);
		sdk.setSignal(signal);
	}

	@Test
	void aFileThatIsMissingOrOfSomethingElseIsRefused() throws IOException {
		Path file = this.python.resolve("signal.db");
		assertThatExceptionOfType(StoreImportException.class).isThrownBy(() -> open(file, null))
			.withMessageContaining("There is no file " + file);
		Files.write(file, "no database, but as long as a header of one would be".repeat(10).getBytes());
		assertThatExceptionOfType(StoreImportException.class).isThrownBy(() -> open(file, null))
			.withMessageContaining("damaged, or another file");
		Files.write(file, new byte[0]);
		assertThatExceptionOfType(StoreImportException.class).isThrownBy(() -> open(file, null))
			.withMessageContaining("damaged, or another file");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whateverIsDamagedIsRefusedOrHarmless(boolean inside) {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (int round = 0; round < 40; round++) {
			byte[] state = damaged(random, inside);
			Path file = SdkStore.write(this.python, state);
			Path target = this.root.resolve("round-" + round);
			assertThatCode(() -> {
				try {
					SdkStoreImport.open(file, target, SdkStore.AGENT_ID, null).close();
				}
				catch (StoreImportException ex) {
					assertThat(ex).hasNoCause();
				}
			}).as("seed %d, round %d", seed, round).doesNotThrowAnyException();
		}
	}

	private byte[] damaged(Random random, boolean inside) {
		SdkStore damaged = new SdkStore();
		byte[] bytes = inside ? damaged.signal() : damaged.fields.toString().getBytes(StandardCharsets.UTF_8);
		// Where lengths and names are, rather than in random keys.
		int size = inside ? bytes.length : 1200;
		for (int change = 0; change <= random.nextInt(3); change++) {
			int position = inside ? random.nextInt(size) : bytes.length - 1 - random.nextInt(size);
			bytes[position] = (byte) random.nextInt(256);
		}
		if (!inside) {
			return bytes;
		}
		damaged.setSignal(bytes);
		return damaged.fields.toString().getBytes(StandardCharsets.UTF_8);
	}

	private AgentStore open() {
		return open(this.sdk.write(this.python), null);
	}

	private AgentStore open(Path file, @Nullable EncryptionKeys keys) {
		return SdkStoreImport.open(file, this.root, SdkStore.AGENT_ID, keys);
	}

}
