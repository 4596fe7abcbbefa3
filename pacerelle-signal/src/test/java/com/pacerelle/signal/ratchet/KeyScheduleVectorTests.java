package com.pacerelle.signal.ratchet;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

import com.pacerelle.signal.InvalidMessageException;
import com.pacerelle.signal.crypto.Hkdf;
import com.pacerelle.signal.vectors.Vectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Key schedule and encryption of {@code signal-vectors.json}.
 */
class KeyScheduleVectorTests {

	private static final byte[] NO_MAC_KEY = new byte[32];

	@TestFactory
	Stream<DynamicTest> rootSteps() {
		return Vectors.each((vector) -> {
			RootKey.Step step = new RootKey(Vectors.bytes(vector, "root")).step(Vectors.keyPair(vector, "our_private"),
					Vectors.publicKey(vector, "their_public"));
			assertThat(step.root().key()).isEqualTo(Vectors.bytes(vector, "new_root"));
			assertThat(step.chain().key()).isEqualTo(Vectors.bytes(vector, "chain_key"));
			assertThat(step.chain().index()).isZero();
		}, "kdf", "root_step");
	}

	@TestFactory
	Stream<DynamicTest> chainSteps() {
		ChainKey[] chain = { new ChainKey(Vectors.bytes(Vectors.section("kdf", "chain"), "chain_key"), 0) };
		return Vectors.each((vector) -> {
			assertThat(chain[0].index()).isEqualTo(vector.required("index").asInt());
			assertThat(chain[0].seed()).isEqualTo(Vectors.bytes(vector, "seed"));
			chain[0] = chain[0].next();
			assertThat(chain[0].key()).isEqualTo(Vectors.bytes(vector, "next_chain_key"));
		}, "kdf", "chain", "steps");
	}

	@TestFactory
	Stream<DynamicTest> messageKeys() {
		return Vectors.each((vector) -> {
			byte[] pqrKey = vector.required("pqr").isNull() ? new byte[32] : Vectors.bytes(vector, "pqr");
			MessageKeys keys = MessageKeys.derive(Vectors.bytes(vector, "seed"), pqrKey);
			assertThat(keys.cipherKey()).isEqualTo(Vectors.bytes(vector, "cipher_key"));
			assertThat(keys.macKey()).isEqualTo(Vectors.bytes(vector, "mac_key"));
			assertThat(keys.iv()).isEqualTo(Vectors.bytes(vector, "iv"));
		}, "kdf", "message_keys");
	}

	@TestFactory
	Stream<DynamicTest> agreedSecrets() {
		return Vectors.each((vector) -> {
			byte[] derived = Hkdf.derive(Vectors.bytes(vector, "secret_input"),
					"WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024".getBytes(StandardCharsets.US_ASCII), 96);
			assertThat(derived).startsWith(Vectors.bytes(vector, "root_key"))
				.containsSequence(Vectors.bytes(vector, "chain_key"))
				.endsWith(Vectors.bytes(vector, "pqr_key"));
		}, "kdf", "pqxdh");
	}

	@TestFactory
	Stream<DynamicTest> encryption() {
		return Vectors.each((vector) -> {
			byte[] plaintext = Vectors.bytes(vector, "plaintext");
			byte[] ciphertext = Vectors.bytes(vector, "ciphertext");
			assertThat(cipher().encrypt(plaintext)).isEqualTo(ciphertext);
			assertThat(cipher().decrypt(ciphertext)).isEqualTo(plaintext);
		}, "aes_cbc", "good");
	}

	@TestFactory
	Stream<DynamicTest> wrongCiphertextsAreRefused() {
		return Vectors.each((vector) -> assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> cipher().decrypt(Vectors.bytes(vector))), "aes_cbc", "decrypt_bad");
	}

	private static MessageKeys cipher() {
		JsonNode aes = Vectors.section("aes_cbc");
		return new MessageKeys(Vectors.bytes(aes, "key"), NO_MAC_KEY, Vectors.bytes(aes, "iv"));
	}

}
