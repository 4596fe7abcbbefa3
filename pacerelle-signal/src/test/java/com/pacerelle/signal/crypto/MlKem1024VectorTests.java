package com.pacerelle.signal.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import com.pacerelle.signal.ScriptedRandom;
import com.pacerelle.signal.SeededRandom;
import com.pacerelle.signal.vectors.PublishedVectors;
import com.pacerelle.signal.vectors.PublishedVectors.Case;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The vectors of Project Wycheproof and of NIST for {@link Kyber1024}, which adds a type
 * byte and a last key derivation to ML-KEM-1024.
 */
class MlKem1024VectorTests {

	@TestFactory
	Stream<DynamicTest> wycheproofKeyGeneration() {
		return PublishedVectors.each("wycheproof/mlkem_1024_keygen_seed_test", 20, Case::isValid, (vector) -> {
			Kyber1024.KeyPair pair = generate(vector.bytes("seed"));
			assertThat(pair.publicKey()).isEqualTo(typed(vector.bytes("ek")));
			assertThat(pair.secretKey()).isEqualTo(typed(vector.bytes("dk")));
		});
	}

	@TestFactory
	Stream<DynamicTest> wycheproofEncapsulation() {
		return PublishedVectors.each("wycheproof/mlkem_1024_encaps_test", 109, (vector) -> true, (vector) -> {
			byte[] key = typed(vector.bytes("ek"));
			ScriptedRandom random = new ScriptedRandom(vector.bytes("m"));
			if (vector.isValid()) {
				assertEncapsulated(Kyber1024.encapsulate(key, random), vector.bytes("c"), vector.bytes("K"));
			}
			else {
				assertThatExceptionOfType(InvalidKeyException.class)
					.isThrownBy(() -> Kyber1024.encapsulate(key, random));
			}
		});
	}

	/** A seed of another length than 64 bytes is never drawn. */
	@TestFactory
	Stream<DynamicTest> wycheproofDecapsulation() {
		return PublishedVectors.each("wycheproof/mlkem_1024_test", 102, (vector) -> vector.bytes("seed").length == 64,
				(vector) -> {
					Kyber1024.KeyPair pair = generate(vector.bytes("seed"));
					assertThat(pair.publicKey()).isEqualTo(typed(vector.bytes("ek")));
					assertDecapsulated(vector, pair.secretKey());
				});
	}

	@TestFactory
	Stream<DynamicTest> wycheproofDecapsulationWithAnExpandedKey() {
		return PublishedVectors.each("wycheproof/mlkem_1024_semi_expanded_decaps_test", 9, (vector) -> true,
				(vector) -> assertDecapsulated(vector, typed(vector.bytes("dk"))));
	}

	@TestFactory
	Stream<DynamicTest> nistKeyGeneration() {
		return PublishedVectors.each("acvp/ML-KEM-keyGen-FIPS203", 25, (vector) -> vector.isOf("ML-KEM-1024"),
				(vector) -> {
					Kyber1024.KeyPair pair = Kyber1024
						.generate(new ScriptedRandom(vector.bytes("d"), vector.bytes("z")));
					assertThat(pair.publicKey()).isEqualTo(typed(vector.bytes("ek")));
					assertThat(pair.secretKey()).isEqualTo(typed(vector.bytes("dk")));
				});
	}

	@TestFactory
	Stream<DynamicTest> nistEncapsulation() {
		return nist("encapsulation", 25, (vector) -> {
			ScriptedRandom random = new ScriptedRandom(vector.bytes("m"));
			assertEncapsulated(Kyber1024.encapsulate(typed(vector.bytes("ek")), random), vector.bytes("c"),
					vector.bytes("k"));
		});
	}

	@TestFactory
	Stream<DynamicTest> nistDecapsulation() {
		return nist("decapsulation", 10,
				(vector) -> assertThat(Kyber1024.decapsulate(typed(vector.bytes("dk")), typed(vector.bytes("c"))))
					.isEqualTo(sharedSecret(vector.bytes("k"), vector.bytes("c"))));
	}

	@TestFactory
	Stream<DynamicTest> nistEncapsulationKeyCheck() {
		return nist("encapsulationKeyCheck", 10, (vector) -> {
			byte[] key = typed(vector.bytes("ek"));
			assertThat(accepts(() -> Kyber1024.encapsulate(key, new SeededRandom(1)))).isEqualTo(vector.isPassed());
		});
	}

	@TestFactory
	Stream<DynamicTest> nistDecapsulationKeyCheck() {
		return nist("decapsulationKeyCheck", 10, (vector) -> {
			byte[] key = typed(vector.bytes("dk"));
			byte[] ciphertext = typed(new byte[1568]);
			assertThat(accepts(() -> Kyber1024.decapsulate(key, ciphertext))).isEqualTo(vector.isPassed());
		});
	}

	private static Stream<DynamicTest> nist(String function, int expected, ThrowingConsumer<Case> check) {
		return PublishedVectors.each("acvp/ML-KEM-encapDecap-FIPS203", expected,
				(vector) -> vector.isOf("ML-KEM-1024") && vector.isFor(function), check);
	}

	private static boolean accepts(Callable<?> operation) throws Exception {
		try {
			operation.call();
			return true;
		}
		catch (InvalidKeyException ex) {
			return false;
		}
	}

	private static void assertDecapsulated(Case vector, byte[] secretKey) throws Exception {
		byte[] ciphertext = vector.bytes("c");
		if (vector.isValid()) {
			assertThat(Kyber1024.decapsulate(secretKey, typed(ciphertext)))
				.isEqualTo(sharedSecret(vector.bytes("K"), ciphertext));
		}
		else {
			assertThatExceptionOfType(InvalidKeyException.class)
				.isThrownBy(() -> Kyber1024.decapsulate(secretKey, typed(ciphertext)));
		}
	}

	private static void assertEncapsulated(Kyber1024.Encapsulation encapsulation, byte[] ciphertext, byte[] secret)
			throws Exception {
		assertThat(encapsulation.ciphertext()).isEqualTo(typed(ciphertext));
		assertThat(encapsulation.secret()).isEqualTo(sharedSecret(secret, ciphertext));
	}

	private static Kyber1024.KeyPair generate(byte[] seed) {
		return Kyber1024
			.generate(new ScriptedRandom(Arrays.copyOf(seed, 32), Arrays.copyOfRange(seed, 32, seed.length)));
	}

	/** What round 3 derives from the secret of ML-KEM (signal.md section 4). */
	private static byte[] sharedSecret(byte[] secret, byte[] ciphertext) throws Exception {
		SHAKEDigest shake = new SHAKEDigest(256);
		shake.update(secret, 0, secret.length);
		shake.update(MessageDigest.getInstance("SHA3-256").digest(ciphertext), 0, 32);
		byte[] shared = new byte[32];
		shake.doFinal(shared, 0, shared.length);
		return shared;
	}

	private static byte[] typed(byte[] raw) {
		byte[] typed = new byte[1 + raw.length];
		typed[0] = 8;
		System.arraycopy(raw, 0, typed, 1, raw.length);
		return typed;
	}

}
