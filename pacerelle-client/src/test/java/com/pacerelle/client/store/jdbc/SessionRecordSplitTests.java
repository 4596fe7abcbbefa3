package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignalStore;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.protobuf.ProtobufWriter;
import com.pacerelle.signal.protobuf.StableLayout;
import com.pacerelle.signal.session.SessionCipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A store of schema version 4 had one record for all sessions with a peer.
 */
class SessionRecordSplitTests {

	private static final SecureRandom RANDOM = new SecureRandom();

	private static final ProtocolAddress PERSON = ProtocolAddress.of("human:ann:kitchen");

	private static final ProtocolAddress AGENT = ProtocolAddress.of("agent");

	private static final ProtocolAddress DAMAGED = ProtocolAddress.of("human:bob:kitchen");

	@TempDir
	private Path root;

	private final EcKeyPair identity = EcKeyPair.generate(RANDOM);

	private final InMemorySignalStore agent = new InMemorySignalStore(this.identity, 1);

	private final InMemorySignalStore person = new InMemorySignalStore(EcKeyPair.generate(RANDOM), 2);

	@Test
	void eachSessionOfARecordGetsARow() throws SQLException {
		List<byte[]> late = converse(4);
		byte[] current = StableLayout.decode(this.agent.session(PERSON).session()).rest();
		List<byte[]> archived = this.agent.archivedSessions(PERSON);
		writeVersion4();

		try (AgentStore store = SqliteAgentStore.open(this.root, "agent")) {
			assertThat(store.session(PERSON).version()).isOne();
			assertThat(store.session(PERSON).session()).isEqualTo(current);
			assertThat(store.archivedSessions(PERSON)).usingRecursiveComparison().isEqualTo(archived);
			for (byte[] frame : late) {
				assertThat(decrypt(store, PERSON, frame)).containsExactly('!');
			}
			assertThat(store.archivedSessions(PERSON)).hasSize(3);
		}
	}

	@Test
	void aDamagedRecordConcernsItsPeerAlone() throws SQLException {
		List<byte[]> late = converse(1);
		writeVersion4();

		try (AgentStore store = SqliteAgentStore.open(this.root, "agent")) {
			assertThat(decrypt(store, PERSON, late.get(0))).containsExactly('!');
			assertThatIllegalStateException().isThrownBy(() -> decrypt(store, DAMAGED, late.get(0)))
				.withMessageContaining("damaged");
		}
	}

	/** Starts sessions one after the other, each with a message that comes late. */
	private List<byte[]> converse(int sessions) {
		SignedPreKey signed = SignedPreKey.generate(1, this.identity, RANDOM);
		KyberPreKey kyber = KyberPreKey.generate(1, this.identity, RANDOM);
		this.agent.add(signed);
		this.agent.add(kyber);
		List<byte[]> late = new ArrayList<>();
		for (int i = 0; i < sessions; i++) {
			SessionCipher cipher = cipher(this.person);
			cipher.process(AGENT, PreKeyBundle.of(1, this.identity.publicKey(), signed, kyber, null));
			this.person.commit(cipher.changes());
			decrypt(this.agent, PERSON, encrypt(this.person, AGENT));
			decrypt(this.person, AGENT, encrypt(this.agent, PERSON));
			decrypt(this.agent, PERSON, encrypt(this.person, AGENT));
			late.add(encrypt(this.person, AGENT));
		}
		return late;
	}

	private void writeVersion4() throws SQLException {
		ProtobufWriter record = new ProtobufWriter().bytes(1,
				StableLayout.decode(this.agent.session(PERSON).session()).rest());
		this.agent.archivedSessions(PERSON).forEach((session) -> record.bytes(2, session));
		StoreDirectory.take(this.root, "agent").close();
		Path database = this.root.resolve("agent").resolve("agent.db");
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
				Statement statement = connection.createStatement()) {
			for (String script : Schema.MIGRATIONS.subList(0, 4)) {
				statement.executeUpdate(script);
			}
			statement.executeUpdate("PRAGMA user_version = 4");
			insert(connection, "INSERT INTO agent VALUES (1, ?, 100, 7, NULL, NULL)", this.identity.encodePrivateKey());
			insert(connection, "INSERT INTO sessions VALUES (?, 1, ?)", PERSON.name(), record.toByteArray());
			insert(connection, "INSERT INTO sessions VALUES (?, 1, ?)", DAMAGED.name(), new byte[] { 10, 3, 1 });
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

	private static SessionCipher cipher(SignalStore store) {
		return new SessionCipher(store, RANDOM, Clock.systemUTC());
	}

	private static byte[] encrypt(SignalStore store, ProtocolAddress peer) {
		SessionCipher cipher = cipher(store);
		byte[] frame = cipher.encrypt(peer, new byte[] { '!' });
		store.commit(cipher.changes());
		return frame;
	}

	private static byte[] decrypt(SignalStore store, ProtocolAddress peer, byte[] frame) {
		SessionCipher cipher = cipher(store);
		byte[] plaintext = cipher.decrypt(peer, frame);
		store.commit(cipher.changes());
		return plaintext;
	}

}
