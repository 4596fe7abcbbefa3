package com.pacerelle.signal.session;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.stream.Stream;

import com.pacerelle.signal.InMemorySignalStore;
import com.pacerelle.signal.KyberPreKey;
import com.pacerelle.signal.OneTimePreKey;
import com.pacerelle.signal.PreKeyBundle;
import com.pacerelle.signal.ProtocolAddress;
import com.pacerelle.signal.ScriptedRandom;
import com.pacerelle.signal.SignedPreKey;
import com.pacerelle.signal.crypto.Kyber1024;
import com.pacerelle.signal.ratchet.DoubleRatchet;
import com.pacerelle.signal.ratchet.MessageKeys;
import com.pacerelle.signal.vectors.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The key agreements of {@code signal-vectors.json}, from the prekeys to the first
 * frames.
 */
class PqxdhVectorTests {

	private static final ProtocolAddress ALICE = ProtocolAddress.of("alice");

	private static final ProtocolAddress BOB = ProtocolAddress.of("bob");

	@TestFactory
	Stream<DynamicTest> bothPartiesAgreeOnTheSecrets() {
		return Vectors.each((vector) -> {
			JsonNode alice = vector.required("alice");
			JsonNode bob = vector.required("bob");
			byte[] kyberSecret = Kyber1024.decapsulate(Vectors.bytes(bob, "kyber_secret"),
					Vectors.bytes(vector, "kyber_ciphertext"));
			assertThat(kyberSecret).isEqualTo(Vectors.bytes(vector, "kyber_shared_secret"));
			OneTimePreKey oneTimePreKey = oneTimePreKey(vector);
			assertSecrets(vector, Pqxdh.initiate(Vectors.keyPair(alice, "identity_private"),
					Vectors.keyPair(alice, "base_private"), bundle(vector), kyberSecret));
			assertSecrets(vector, Pqxdh.respond(Vectors.keyPair(bob, "identity_private"),
					Vectors.keyPair(bob, "signed_prekey_private"),
					(oneTimePreKey != null) ? oneTimePreKey.keyPair() : null,
					Vectors.publicKey(alice, "identity_public"), Vectors.publicKey(alice, "base_public"), kyberSecret));
		}, "pqxdh");
	}

	private static void assertSecrets(JsonNode vector, Pqxdh.SessionSecrets secrets) {
		assertThat(secrets.root().key()).isEqualTo(Vectors.bytes(vector, "root_key"));
		assertThat(secrets.chain().key()).isEqualTo(Vectors.bytes(vector, "chain_key"));
		assertThat(secrets.pqrKey()).isEqualTo(Vectors.bytes(vector, "pqr_key"));
	}

	@TestFactory
	Stream<DynamicTest> theInitiatorWritesTheFrames() {
		return Vectors.each((vector) -> {
			Session session = initiatorsSession(vector);
			assertThat(session.ratchet().root().key()).isEqualTo(Vectors.bytes(vector, "alice_root_after_first_step"));
			assertThat(session.ratchet().sender().chainKey().key())
				.isEqualTo(Vectors.bytes(vector, "alice_sender_chain_key"));
			DoubleRatchet ratchet = session.ratchet();
			for (JsonNode frame : vector.required("frames")) {
				assertFrame(frame, session, ratchet);
				ratchet = ratchet.withNextSender();
			}
		}, "pqxdh");
	}

	private static Session initiatorsSession(JsonNode vector) {
		JsonNode alice = vector.required("alice");
		InMemorySignalStore store = new InMemorySignalStore(Vectors.keyPair(alice, "identity_private"),
				alice.required("registration_id").asInt());
		ScriptedRandom random = new ScriptedRandom(Vectors.bytes(alice, "base_private"),
				Vectors.bytes(alice, "kyber_m"), Vectors.bytes(alice, "ratchet_private"));
		SessionCipher cipher = new SessionCipher(store, random, Clock.systemUTC());
		cipher.process(BOB, bundle(vector));
		store.commit(cipher.changes());
		return SessionCodec.decode(store.session(BOB).session());
	}

	private static void assertFrame(JsonNode frame, Session session, DoubleRatchet ratchet) {
		byte[] seed = ratchet.sender().chainKey().seed();
		assertThat(seed).isEqualTo(Vectors.bytes(frame, "seed"));
		// The recording has the smallest possible SPQR message, so SPQR itself is not
		// asked.
		MessageKeys keys = MessageKeys.derive(seed, Vectors.bytes(frame, "spqr_key"));
		assertThat(keys.cipherKey()).isEqualTo(Vectors.bytes(frame, "cipher_key"));
		assertThat(keys.macKey()).isEqualTo(Vectors.bytes(frame, "mac_key"));
		assertThat(keys.iv()).isEqualTo(Vectors.bytes(frame, "iv"));
		SignalMessage message = SignalMessage.create(ratchet, keys.encrypt(Vectors.bytes(frame, "plaintext")),
				Vectors.bytes(frame, "spqr_message"), keys, session.context().localIdentity(),
				session.context().remoteIdentity());
		assertThat(message.encode()).isEqualTo(Vectors.bytes(frame, "signal_message"));
		assertThat(session.frame(message)).isEqualTo(Vectors.bytes(frame, "frame"));
	}

	@TestFactory
	Stream<DynamicTest> theResponderReadsTheFrames() {
		return Vectors.each((vector) -> {
			InMemorySignalStore store = respondersStore(vector);
			for (JsonNode frame : vector.required("frames")) {
				SessionCipher cipher = new SessionCipher(store, new SecureRandom(), Clock.systemUTC());
				assertThat(cipher.decrypt(ALICE, Vectors.bytes(frame, "frame")))
					.isEqualTo(Vectors.bytes(frame, "plaintext"));
				store.commit(cipher.changes());
			}
		}, "pqxdh");
	}

	private static InMemorySignalStore respondersStore(JsonNode vector) {
		JsonNode bob = vector.required("bob");
		InMemorySignalStore store = new InMemorySignalStore(Vectors.keyPair(bob, "identity_private"),
				bob.required("registration_id").asInt());
		store.add(new SignedPreKey(bob.required("signed_prekey_id").asInt(),
				Vectors.keyPair(bob, "signed_prekey_private"), Vectors.bytes(bob, "signed_prekey_signature")));
		store.add(new KyberPreKey(bob.required("kyber_prekey_id").asInt(), Vectors.bytes(bob, "kyber_public"),
				Vectors.bytes(bob, "kyber_secret"), Vectors.bytes(bob, "kyber_signature")));
		OneTimePreKey oneTimePreKey = oneTimePreKey(vector);
		if (oneTimePreKey != null) {
			store.add(oneTimePreKey);
		}
		return store;
	}

	private static PreKeyBundle bundle(JsonNode vector) {
		JsonNode bob = vector.required("bob");
		InMemorySignalStore store = respondersStore(vector);
		return PreKeyBundle.of(store.registrationId(), store.identityKeyPair().publicKey(),
				store.signedPreKey(bob.required("signed_prekey_id").asInt()),
				store.kyberPreKey(bob.required("kyber_prekey_id").asInt()), oneTimePreKey(vector));
	}

	private static OneTimePreKey oneTimePreKey(JsonNode vector) {
		JsonNode bob = vector.required("bob");
		if (!vector.required("one_time_prekey_used").asBoolean()) {
			return null;
		}
		return new OneTimePreKey(bob.required("one_time_prekey_id").asInt(),
				Vectors.keyPair(bob, "one_time_prekey_private"));
	}

}
