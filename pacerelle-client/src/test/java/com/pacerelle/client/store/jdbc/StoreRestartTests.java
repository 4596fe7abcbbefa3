package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import com.pacerelle.signal.StoreChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.CONTEXT;
import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.accepted;
import static com.pacerelle.client.store.jdbc.TestChanges.baseKeySeen;
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

/**
 * What every store keeps when it is closed and opened again.
 */
@ParameterizedClass
@EnumSource
class StoreRestartTests {

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	@Test
	void anAgentKeepsItsIdentityAndAnotherAgentHasItsOwn() {
		EcKeyPair identity;
		int registrationId;
		try (AgentStore store = open()) {
			identity = store.identityKeyPair();
			registrationId = store.registrationId();
		}
		assertThat(registrationId).isBetween(1, 16380);
		try (AgentStore store = open(); AgentStore other = this.kind.open(this.root, "other")) {
			assertThat(store.identityKeyPair().encodePrivateKey()).isEqualTo(identity.encodePrivateKey());
			assertThat(store.registrationId()).isEqualTo(registrationId);
			assertThat(other.identityKeyPair()).isNotEqualTo(identity);
		}
	}

	@Test
	void everythingThatWasCommittedIsThereAfterARestart() {
		EcPublicKey key = publicKey();
		try (AgentStore store = open()) {
			store.commitAsync(List.of(session(PEER, (byte) 1), identitySeen(PEER, key), baseKeySeen(1, 2, key),
					preKeys(signed(1), kyber(2), NOW), oneTimePreKeys(NOW, 3), pending("m1"), pending("m2"),
					accepted("m2"), rejected("m3"), new Change.PeerNameSeen("ann", "kitchen", "phone", true),
					new Change.DeviceUsed("ann", "kitchen", "phone"), frame(9)));
		}
		try (AgentStore store = open()) {
			assertThat(store.session(PEER).session()).containsExactly(1);
			assertThat(store.identity(PEER)).isEqualTo(key);
			assertThat(store.isBaseKeySeen(1, 2, key)).isTrue();
			assertThat(store.currentSignedPreKey()).isNotNull();
			assertThat(store.currentKyberPreKey()).isNotNull();
			assertThat(store.oneTimePreKey(3)).isNotNull();
			assertThat(List.of("m1", "m2", "m3")).extracting((id) -> store.receipt(id).state())
				.containsExactly(Receipt.State.PENDING, Receipt.State.ACCEPTED, Receipt.State.REJECTED);
			assertThat(store.replyContext("m1")).isEqualTo(CONTEXT);
			assertThat(store.lastDevice("ann", "kitchen")).isEqualTo("phone");
			assertThat(store.usesPlainName("ann", "kitchen", "phone")).isTrue();
			assertThat(store.undelivered(0, 10)).hasSize(1);
		}
	}

	@Test
	void aClosedStoreRefusesEverythingButItsIdentity() {
		AgentStore store = open();
		store.close();
		store.close();

		List<Callable<?>> calls = List.of(() -> store.session(PEER), () -> store.undelivered(0, 1), store::lastSequence,
				() -> store.receipt("m1"), () -> store.reservePreKeyIds(1), () -> {
					store.commit(List.of(new StoreChange.OneTimePreKeyUsed(1)));
					return null;
				});
		assertThat(calls).allSatisfy((call) -> assertThatExceptionOfType(StoreException.class).isThrownBy(call::call)
			.withMessageContaining("The store is closed"));
		assertThat(store.commitAsync(List.of(frame(1)))).failsWithin(Duration.ofMinutes(1))
			.withThrowableThat()
			.withCauseInstanceOf(StoreException.class);
		assertThat(store.registrationId()).isPositive();
	}

	private AgentStore open() {
		return this.kind.open(this.root);
	}

}
