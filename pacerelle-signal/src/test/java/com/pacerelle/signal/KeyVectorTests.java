package com.pacerelle.signal;

import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.stream.Stream;

import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Keys, signatures and encapsulations of {@code signal-vectors.json}.
 */
class KeyVectorTests {

	@TestFactory
	Stream<DynamicTest> publicKeysAreDerived() {
		return Vectors.each((vector) -> {
			EcKeyPair pair = Vectors.keyPair(vector, "private");
			assertThat(pair.publicKey()).isEqualTo(Vectors.publicKey(vector, "public"));
			assertThat(pair.encodePrivateKey()).isEqualTo(Vectors.bytes(vector, "private"));
		}, "key_encodings", "pairs");
	}

	@TestFactory
	Stream<DynamicTest> agreementsAreComputedAndZeroIsRefused() {
		return Vectors.each((vector) -> {
			EcKeyPair ours = Vectors.keyPair(vector, "private");
			EcPublicKey theirs = Vectors.publicKey(vector, "public");
			if (vector.required("shared").isNull()) {
				assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> ours.agree(theirs));
			}
			else {
				assertThat(ours.agree(theirs)).isEqualTo(Vectors.bytes(vector, "shared"));
			}
		}, "key_encodings", "dh");
	}

	@TestFactory
	Stream<DynamicTest> publicKeysAreDecoded() {
		return Vectors.each((vector) -> {
			byte[] bytes = Vectors.bytes(vector, "bytes");
			if (vector.required("ok").asBoolean()) {
				assertThat(EcPublicKey.decode(bytes).encode()).isEqualTo(Vectors.bytes(vector, "canonical"));
			}
			else {
				assertThatExceptionOfType(MalformedKeyException.class).isThrownBy(() -> EcPublicKey.decode(bytes));
			}
		}, "key_encodings", "decode");
	}

	@TestFactory
	Stream<DynamicTest> baseKeysAreCanonicalOrNot() {
		return Vectors.each((vector) -> assertThat(Vectors.publicKey(vector, "public").isCanonical())
			.isEqualTo(vector.required("accepted").asBoolean()), "canonical_base_key");
	}

	@TestFactory
	Stream<DynamicTest> signaturesAreVerified() {
		return Vectors.each((vector) -> {
			boolean valid = Vectors.publicKey(vector, "public")
				.verify(Vectors.bytes(vector, "message"), Vectors.bytes(vector, "signature"));
			// Null stands for a scalar that is not reduced, where we are the strict ones.
			assertThat(valid).isEqualTo(vector.required("valid").asBoolean(false));
		}, "xeddsa_verify");
	}

	@TestFactory
	Stream<DynamicTest> signaturesAreMade() {
		return Vectors.each((vector) -> {
			EcKeyPair signer = Vectors.keyPair(vector, "private");
			byte[] message = Vectors.bytes(vector, "message");
			byte[] signature = signer.sign(message, new ScriptedRandom(Vectors.bytes(vector, "random64")));
			assertThat(signature).isEqualTo(Vectors.bytes(vector, "signature"));
			assertThat(signer.publicKey().verify(message, signature)).isTrue();
		}, "xeddsa_sign");
	}

	@TestFactory
	Stream<DynamicTest> secretsAreDecapsulated() {
		return Vectors.each((vector) -> {
			byte[] secretKey = Vectors.bytes(vector, "secret");
			byte[] ciphertext = Vectors.bytes(vector, "ciphertext");
			assertThat(Kyber1024.decapsulate(secretKey, ciphertext)).isEqualTo(Vectors.bytes(vector, "shared_secret"));
			assertThat(mlKemSecret(secretKey, ciphertext)).isEqualTo(Vectors.bytes(vector, "mlkem_secret"));
		}, "kyber_decaps");
	}

	@TestFactory
	Stream<DynamicTest> secretsAreEncapsulated() {
		return Vectors.each((vector) -> {
			Kyber1024.Encapsulation encapsulation = Kyber1024.encapsulate(Vectors.bytes(vector, "public"),
					new ScriptedRandom(Vectors.bytes(vector, "m")));
			assertThat(encapsulation.ciphertext()).isEqualTo(Vectors.bytes(vector, "ciphertext"));
			assertThat(encapsulation.secret()).isEqualTo(Vectors.bytes(vector, "shared_secret"));
			assertThat(mlKemSecret(Vectors.bytes(vector, "secret"), encapsulation.ciphertext()))
				.isEqualTo(Vectors.bytes(vector, "mlkem_secret"));
		}, "kyber_encaps");
	}

	@TestFactory
	Stream<DynamicTest> ciphertextsOfWrongShapeAreRefused() {
		JsonNode key = Vectors.section("kyber_decaps").get(0);
		return Vectors.each(
				(vector) -> assertThatExceptionOfType(InvalidKeyException.class).isThrownBy(
						() -> Kyber1024.decapsulate(Vectors.bytes(key, "secret"), Vectors.bytes(vector, "ciphertext"))),
				"kyber_bad");
	}

	private static byte[] mlKemSecret(byte[] secretKey, byte[] ciphertext) {
		byte[] rawKey = Arrays.copyOfRange(secretKey, 1, secretKey.length);
		byte[] rawCiphertext = Arrays.copyOfRange(ciphertext, 1, ciphertext.length);
		return new MLKEMExtractor(new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_1024, rawKey))
			.extractSecret(rawCiphertext);
	}

}
