package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.StoreChange;
import com.pacerelle.signal.ratchet.RatchetSnapshot;
import com.pacerelle.signal.vectors.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Takes over conversations from the native runtime's store.
 */
class SnapshotVectorTests {

	@TestFactory
	Stream<DynamicTest> sessionsAreDecoded() {
		return Vectors.each((vector) -> {
			NativeSnapshot snapshot = NativeSnapshot.decode(Vectors.bytes(vector, "agent_snapshot"));
			JsonNode summary = vector.required("summary");
			assertThat(snapshot.identityKeyPair().publicKey()).isEqualTo(Vectors.publicKey(summary, "identity_public"));
			assertThat(snapshot.registrationId()).isEqualTo(summary.required("registration_id").asInt());
			assertThat(snapshot.oneTimePreKeys()).extracting(OneTimePreKey::id)
				.hasSameElementsAs(ids(summary.required("one_time_prekey_ids")));
			assertThat(snapshot.signedPreKeys()).extracting(SignedPreKey::id)
				.hasSameElementsAs(ids(summary.required("signed_prekey_ids")));
			assertThat(snapshot.kyberPreKeys()).extracting(KyberPreKey::id)
				.hasSameElementsAs(ids(summary.required("kyber_prekey_ids")));
			assertThat(snapshot.identities()).hasSameSizeAs(summary.required("known"));
			assertThat(snapshot.baseKeys()).hasSameSizeAs(summary.required("seen"));
			if (!summary.required("session").isNull()) {
				assertSession(snapshot, summary.required("session"));
			}
		}, "snapshots");
	}

	private static Set<Integer> ids(JsonNode array) {
		return Vectors.elements(array).map(JsonNode::asInt).collect(Collectors.toSet());
	}

	private static void assertSession(NativeSnapshot snapshot, JsonNode expected) {
		SessionRecord record = SessionRecord.decode(snapshot.sessions().values().iterator().next());
		assertThat(record.archived()).hasSize(expected.required("archived").asInt());
		Session session = record.current();
		assertThat(session.context().baseKey()).isEqualTo(Vectors.publicKey(expected, "base_key"));
		assertThat(session.spqr().encode()).hasSize(expected.required("spqr_state_length").asInt());
		RatchetSnapshot.assertRatchet(session.ratchet(), expected);
	}

	@TestFactory
	Stream<DynamicTest> sessionsAreEncodedAsTheyWere() {
		return Vectors.each(
				(vector) -> NativeSnapshot.decode(Vectors.bytes(vector, "agent_snapshot"))
					.sessions()
					.values()
					.forEach((record) -> assertThat(SessionRecord.decode(record).encode()).isEqualTo(record)),
				"snapshots");
	}

	@TestFactory
	Stream<DynamicTest> conversationsGoOn() {
		return Vectors.each((vector) -> {
			InMemorySignalStore store = store(NativeSnapshot.decode(Vectors.bytes(vector, "agent_snapshot")));
			for (JsonNode frame : vector.required("frames")) {
				SessionCipher cipher = new SessionCipher(store, new SecureRandom(), Clock.systemUTC());
				assertThat(cipher.decrypt(ProtocolAddress.of(frame.required("peer").asString()),
						Vectors.bytes(frame, "frame")))
					.isEqualTo(Vectors.bytes(frame, "plaintext"));
				store.commit(cipher.changes());
			}
		}, "snapshots");
	}

	@TestFactory
	Stream<DynamicTest> aDamagedSnapshotIsRefused() {
		return Vectors.each((vector) -> {
			byte[] snapshot = Vectors.bytes(vector, "agent_snapshot");
			assertThatIllegalStateException().isThrownBy(() -> NativeSnapshot.decode(new byte[0]));
			assertThatIllegalStateException()
				.isThrownBy(() -> NativeSnapshot.decode(Arrays.copyOf(snapshot, snapshot.length - 1)));
			byte[] newer = snapshot.clone();
			newer[8] = 2;
			assertThatIllegalStateException().isThrownBy(() -> NativeSnapshot.decode(newer))
				.withMessageContaining("version 1");
			byte[] negative = snapshot.clone();
			negative[15] = -1;
			assertThatIllegalStateException().isThrownBy(() -> NativeSnapshot.decode(negative));
			assertThat(NativeSnapshot.decode(snapshot))
				.hasToString("NativeSnapshot[sessions=" + NativeSnapshot.decode(snapshot).sessions().size() + "]");
		}, "snapshots");
	}

	private static InMemorySignalStore store(NativeSnapshot snapshot) {
		InMemorySignalStore store = new InMemorySignalStore(snapshot.identityKeyPair(), snapshot.registrationId());
		snapshot.oneTimePreKeys().forEach(store::add);
		snapshot.signedPreKeys().forEach(store::add);
		snapshot.kyberPreKeys().forEach(store::add);
		List<StoreChange> changes = new ArrayList<>(snapshot.baseKeys());
		snapshot.identities().forEach((peer, identity) -> changes.add(new StoreChange.IdentitySeen(peer, identity)));
		snapshot.sessions().keySet().forEach((peer) -> changes.addAll(snapshot.sessionChanges(peer, peer)));
		store.commit(changes);
		return store;
	}

}
