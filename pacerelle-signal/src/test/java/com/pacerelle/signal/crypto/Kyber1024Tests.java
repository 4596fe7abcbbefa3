package com.pacerelle.signal.crypto;

import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.stream.Stream;

import com.pacerelle.signal.ScriptedRandom;
import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.vectors.Vectors;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Encapsulations of {@code signal-vectors.json}.
 */
class Kyber1024Tests {

	@Test
	void keysMustHaveTypeAndLength() {
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> Kyber1024.encapsulate(new byte[1569], new SeededRandom(1)));
		assertThatExceptionOfType(InvalidKeyException.class)
			.isThrownBy(() -> Kyber1024.decapsulate(new byte[3169], new byte[1569]));
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
