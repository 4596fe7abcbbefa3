package com.pacerelle.client.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.StoredSession;
import com.pacerelle.signal.session.SessionCipher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What every store promises of sessions.
 */
class SignalStoreTests {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final ProtocolAddress PEER = ProtocolAddress.of("human:ann:kitchen");

	@TempDir
	private Path root;

	private SignalStore store;

	enum Kind {

		IN_MEMORY, SQLITE, SEALED_SQLITE

	}

	private void open(Kind kind) {
		this.store = switch (kind) {
			case IN_MEMORY -> new InMemorySignalStore(EcKeyPair.generate(RANDOM), 1);
			case SQLITE -> SqliteAgentStore.open(this.root, "agent");
			case SEALED_SQLITE ->
				SqliteAgentStore.open(this.root, "agent", EncryptionKeys.of(EncryptionKey.of(new byte[32]), List.of()));
		};
	}

	@AfterEach
	void close() {
		if (this.store instanceof AgentStore agentStore) {
			agentStore.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void eachUpdateOfASessionCountsItsVersion(Kind kind) {
		open(kind);
		this.store.commit(List.of(updated(0, 1)));
		assertThat(this.store.session(PEER).version()).isEqualTo(1);
		this.store.commit(List.of(updated(1, 2), updated(2, 3)));
		assertThat(this.store.session(PEER).version()).isEqualTo(3);
		assertThat(this.store.session(PEER).session()).containsExactly(3);
	}

	@ParameterizedTest
	@EnumSource
	void anUpdateOfAnotherVersionThanTheStoredOneIsRefused(Kind kind) {
		open(kind);
		assertRefused(updated(1, 1));
		this.store.commit(List.of(updated(0, 1)));
		assertRefused(updated(0, 2));
		assertRefused(updated(2, 2));
		this.store.commit(List.of(updated(1, 2)));
		assertRefused(updated(1, 3));
		assertThat(this.store.session(PEER).session()).containsExactly(2);
	}

	@ParameterizedTest
	@EnumSource
	void whatComesWithAStaleSessionIsNotCommittedEither(Kind kind) {
		open(kind);
		EcPublicKey key = key();
		this.store.commit(List.of(updated(0, 1)));
		assertRefused(archived(key, 1), new StoreChange.IdentitySeen(PEER, key), updated(0, 2));
		assertThat(this.store.identity(PEER)).isNull();
		assertThat(this.store.archivedSessions(PEER)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void twoUnitsOfWorkCannotUseTheSameMessageKey(Kind kind) {
		open(kind);
		commit((cipher) -> cipher.process(PEER, bundle()));
		SessionCipher first = cipher();
		SessionCipher second = cipher();
		first.encrypt(PEER, "one".getBytes(StandardCharsets.UTF_8));
		second.encrypt(PEER, "another".getBytes(StandardCharsets.UTF_8));
		this.store.commit(first.changes());
		StoredSession stored = this.store.session(PEER);
		assertRefused(second.changes().toArray(StoreChange[]::new));
		assertThat(this.store.session(PEER)).usingRecursiveComparison().isEqualTo(stored);
		commit((cipher) -> cipher.encrypt(PEER, new byte[1]));
	}

	@ParameterizedTest
	@EnumSource
	void twoUnitsOfWorkCannotBothStartTheFirstSession(Kind kind) {
		open(kind);
		SessionCipher first = cipher();
		SessionCipher second = cipher();
		PreKeyBundle bundle = bundle();
		first.process(PEER, bundle);
		second.process(PEER, bundle);
		this.store.commit(first.changes());
		assertRefused(second.changes().toArray(StoreChange[]::new));
	}

	@ParameterizedTest
	@EnumSource
	void anArchivedSessionIsFoundByItsKeysUntilItIsRestored(Kind kind) {
		open(kind);
		EcPublicKey baseKey = key();
		EcPublicKey older = key();
		EcPublicKey newer = key();
		this.store.commit(List.of(archived(baseKey, 1, older, newer), archived(key(), 2, key())));

		assertThat(this.store.archivedSession(PEER, baseKey)).containsExactly(1);
		assertThat(this.store.archivedSessionThatKnows(PEER, older)).containsExactly(1);
		assertThat(this.store.archivedSessionThatKnows(PEER, newer)).containsExactly(1);
		assertThat(this.store.archivedSession(PEER, older)).isNull();
		assertThat(this.store.archivedSessionThatKnows(PEER, baseKey)).isNull();
		assertThat(this.store.archivedSession(ProtocolAddress.of("other"), baseKey)).isNull();
		assertThat(this.store.archivedSessionThatKnows(ProtocolAddress.of("other"), older)).isNull();
		assertThat(this.store.archivedSessions(ProtocolAddress.of("other"))).isEmpty();

		this.store.commit(List.of(new StoreChange.SessionRestored(PEER, baseKey)));

		assertThat(this.store.archivedSession(PEER, baseKey)).isNull();
		assertThat(this.store.archivedSessionThatKnows(PEER, older)).isNull();
		assertThat(this.store.archivedSessions(PEER)).containsExactly(new byte[] { 2 });
	}

	@ParameterizedTest
	@EnumSource
	void theSessionThatWasArchivedLastComesFirst(Kind kind) {
		open(kind);
		EcPublicKey first = key();
		EcPublicKey shared = key();
		this.store.commit(List.of(archived(first, 1, shared), archived(key(), 2, shared)));
		assertThat(this.store.archivedSessions(PEER)).containsExactly(new byte[] { 2 }, new byte[] { 1 });
		assertThat(this.store.archivedSessionThatKnows(PEER, shared)).containsExactly(2);

		this.store.commit(List.of(archived(first, 3, shared)));
		assertThat(this.store.archivedSessions(PEER)).containsExactly(new byte[] { 3 }, new byte[] { 2 });
		assertThat(this.store.archivedSessionThatKnows(PEER, shared)).containsExactly(3);
	}

	@ParameterizedTest
	@EnumSource
	void theOldestBeyondFortyArchivedSessionsIsForgotten(Kind kind) {
		open(kind);
		List<EcPublicKey> baseKeys = new ArrayList<>();
		for (int i = 0; i < 41; i++) {
			EcPublicKey key = key();
			baseKeys.add(key);
			this.store.commit(List.of(archived(key, i, key)));
		}
		assertThat(this.store.archivedSessions(PEER)).hasSize(40);
		assertThat(this.store.archivedSession(PEER, baseKeys.get(0))).isNull();
		assertThat(this.store.archivedSessionThatKnows(PEER, baseKeys.get(0))).isNull();
		assertThat(this.store.archivedSession(PEER, baseKeys.get(1))).containsExactly(1);
	}

	private static StoreChange updated(long predecessor, int session) {
		return new StoreChange.SessionUpdated(PEER, predecessor, new byte[] { (byte) session });
	}

	private static StoreChange archived(EcPublicKey baseKey, int session, EcPublicKey... ratchetKeys) {
		return new StoreChange.SessionArchived(PEER, baseKey, List.of(ratchetKeys), new byte[] { (byte) session });
	}

	private void assertRefused(StoreChange... changes) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> this.store.commit(List.of(changes)))
			.satisfies((failure) -> assertThat(failure instanceof StoreConflictException)
				.isEqualTo(this.store instanceof AgentStore));
	}

	private static EcPublicKey key() {
		return EcKeyPair.generate(RANDOM).publicKey();
	}

	private SessionCipher cipher() {
		return new SessionCipher(this.store, RANDOM, Clock.systemUTC());
	}

	private void commit(Consumer<SessionCipher> work) {
		SessionCipher cipher = cipher();
		work.accept(cipher);
		this.store.commit(cipher.changes());
	}

	private static PreKeyBundle bundle() {
		EcKeyPair identity = EcKeyPair.generate(RANDOM);
		return PreKeyBundle.of(1, identity.publicKey(), SignedPreKey.generate(1, identity, RANDOM),
				KyberPreKey.generate(1, identity, RANDOM), null);
	}

}
