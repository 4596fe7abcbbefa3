package com.pacerelle.client.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.NoSessionException;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.session.SessionCipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.RANDOM;
import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ParameterizedClass
@EnumSource
class StoreRestoreTests {

	private static final ProtocolAddress AGENT = ProtocolAddress.of("agent");

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	private final InMemorySignalStore person = new InMemorySignalStore(EcKeyPair.generate(RANDOM), 5);

	@Test
	void aRestoredSessionSendsNothingUntilThePersonHasAnswered() {
		try (AgentStore store = this.kind.open(this.root)) {
			begin(store);
			agentReads(store, personWrites("Hello"));
			personReads(agentWrites(store, "Hello too"));
		}
		try (AgentStore store = restored()) {
			assertThatExceptionOfType(NoSessionException.class).isThrownBy(() -> agentWrites(store, "?"))
				.withMessageContaining("old backup");

			assertThat(agentReads(store, personWrites("How are you?"))).isEqualTo("How are you?");
			assertThat(personReads(agentWrites(store, "Fine"))).isEqualTo("Fine");
		}
	}

	@Test
	void aMessageThatAnswersNothingIsReadAndTheSessionStaysClosed() {
		byte[] second;
		try (AgentStore store = this.kind.open(this.root)) {
			begin(store);
			agentReads(store, personWrites("One"));
			second = personWrites("Two");
		}
		try (AgentStore store = restored()) {
			assertThat(agentReads(store, second)).isEqualTo("Two");
			assertThatExceptionOfType(NoSessionException.class).isThrownBy(() -> agentWrites(store, "?"));

			meet(store);
			assertThat(agentReads(store, personWrites("Again"))).isEqualTo("Again");
			assertThat(personReads(agentWrites(store, "Here I am"))).isEqualTo("Here I am");
		}
	}

	@Test
	void anArchivedSessionThatComesBackIsClosedToo() {
		byte[] late;
		try (AgentStore store = this.kind.open(this.root)) {
			begin(store);
			agentReads(store, personWrites("One"));
			late = personWrites("Late");
			meet(store);
			agentReads(store, personWrites("Two"));
		}
		try (AgentStore store = restored()) {
			assertThat(agentReads(store, late)).isEqualTo("Late");
			assertThatExceptionOfType(NoSessionException.class).isThrownBy(() -> agentWrites(store, "?"));
		}
	}

	@Test
	void newPrekeysHaveIdsThatNoneHad() {
		int next;
		try (AgentStore store = this.kind.open(this.root)) {
			begin(store);
			store.commitAndWait(List.of(TestChanges.oneTimePreKeys(NOW, 7), frame(9)));
			next = store.reservePreKeyIds(1);
		}
		try (AgentStore store = restored()) {
			assertThat(store.reservePreKeyIds(1)).isGreaterThan(next + 999_999);
			assertThat(store.currentSignedPreKey()).isNull();
			assertThat(store.currentKyberPreKey()).isNull();
			assertThat(store.signedPreKey(1)).isNotNull();
			assertThat(store.oneTimePreKey(7)).isNotNull();
			assertThat(store.unpublishedOneTimePreKeys()).isEmpty();
			assertThat(store.undelivered(0, 10)).hasSize(1);
		}
	}

	@Test
	void aNewAgentHasNothingToRestore() {
		restored().close();
		restored().close();
	}

	private AgentStore restored() {
		return this.kind.restored(this.root);
	}

	private void begin(AgentStore store) {
		store.commitAndWait(List.of(new Change.PreKeysCreated(SignedPreKey.generate(1, store.identityKeyPair(), RANDOM),
				KyberPreKey.generate(1, store.identityKeyPair(), RANDOM), List.of(), NOW)));
		meet(store);
	}

	private void meet(AgentStore store) {
		SignedPreKey signed = store.signedPreKey(1);
		KyberPreKey kyber = store.kyberPreKey(1);
		SessionCipher cipher = personCipher();
		cipher.process(AGENT,
				PreKeyBundle.of(store.registrationId(), store.identityKeyPair().publicKey(), signed, kyber, null));
		this.person.commit(cipher.changes());
	}

	private byte[] personWrites(String text) {
		SessionCipher cipher = personCipher();
		byte[] frame = cipher.encrypt(AGENT, text.getBytes(StandardCharsets.UTF_8));
		this.person.commit(cipher.changes());
		return frame;
	}

	private String personReads(byte[] frame) {
		SessionCipher cipher = personCipher();
		String text = new String(cipher.decrypt(AGENT, frame), StandardCharsets.UTF_8);
		this.person.commit(cipher.changes());
		return text;
	}

	private static byte[] agentWrites(AgentStore store, String text) {
		SessionCipher cipher = new SessionCipher(store, RANDOM, Clock.systemUTC());
		byte[] frame = cipher.encrypt(PEER, text.getBytes(StandardCharsets.UTF_8));
		store.commit(cipher.changes());
		return frame;
	}

	private static String agentReads(AgentStore store, byte[] frame) {
		SessionCipher cipher = new SessionCipher(store, RANDOM, Clock.systemUTC());
		String text = new String(cipher.decrypt(PEER, frame), StandardCharsets.UTF_8);
		store.commit(cipher.changes());
		return text;
	}

	private SessionCipher personCipher() {
		return new SessionCipher(this.person, RANDOM, Clock.systemUTC());
	}

}
