package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.ratchet.RatchetSnapshot;
import com.pacerelle.signal.vectors.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Takes over conversations from the native runtime's store.
 */
class SnapshotVectorTests {

	@TestFactory
	Stream<DynamicTest> sessionsAreDecoded() {
		return Vectors.each((vector) -> {
			NativeSnapshot snapshot = new NativeSnapshot(Vectors.bytes(vector, "agent_snapshot"));
			JsonNode summary = vector.required("summary");
			assertThat(snapshot.store.identityKeyPair().publicKey())
				.isEqualTo(Vectors.publicKey(summary, "identity_public"));
			assertThat(snapshot.store.registrationId()).isEqualTo(summary.required("registration_id").asInt());
			assertThat(snapshot.oneTimePreKeys).isEqualTo(ids(summary.required("one_time_prekey_ids")));
			assertThat(snapshot.signedPreKeys).isEqualTo(ids(summary.required("signed_prekey_ids")));
			assertThat(snapshot.kyberPreKeys).isEqualTo(ids(summary.required("kyber_prekey_ids")));
			assertThat(snapshot.identities).hasSameSizeAs(summary.required("known"));
			assertThat(snapshot.baseKeys).hasSameSizeAs(summary.required("seen"));
			if (!summary.required("session").isNull()) {
				assertSession(snapshot, summary.required("session"));
			}
		}, "snapshots");
	}

	private static Set<Integer> ids(JsonNode array) {
		return Vectors.elements(array).map(JsonNode::asInt).collect(Collectors.toSet());
	}

	private static void assertSession(NativeSnapshot snapshot, JsonNode expected) {
		SessionRecord record = SessionRecord.decode(snapshot.sessions.values().iterator().next());
		assertThat(record.archived()).hasSize(expected.required("archived").asInt());
		Session session = record.current();
		assertThat(session.context().baseKey()).isEqualTo(Vectors.publicKey(expected, "base_key"));
		assertThat(session.spqr().encode()).hasSize(expected.required("spqr_state_length").asInt());
		RatchetSnapshot.assertRatchet(session.ratchet(), expected);
	}

	@TestFactory
	Stream<DynamicTest> sessionsAreEncodedAsTheyWere() {
		return Vectors.each(
				(vector) -> new NativeSnapshot(Vectors.bytes(vector, "agent_snapshot")).sessions.values()
					.forEach((record) -> assertThat(SessionRecord.decode(record).encode()).isEqualTo(record)),
				"snapshots");
	}

	@TestFactory
	Stream<DynamicTest> conversationsGoOn() {
		return Vectors.each((vector) -> {
			InMemorySignalStore store = new NativeSnapshot(Vectors.bytes(vector, "agent_snapshot")).store;
			for (JsonNode frame : vector.required("frames")) {
				SessionCipher cipher = new SessionCipher(store, new SecureRandom(), Clock.systemUTC());
				assertThat(cipher.decrypt(ProtocolAddress.of(frame.required("peer").asString()),
						Vectors.bytes(frame, "frame")))
					.isEqualTo(Vectors.bytes(frame, "plaintext"));
				store.commit(cipher.changes());
			}
		}, "snapshots");
	}

}
