package com.pacerelle.signal.spqr;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.Stream;

import com.pacerelle.signal.spqr.IncrementalMlKem768.Encapsulation;
import com.pacerelle.signal.spqr.IncrementalMlKem768.KeyPair;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import com.pacerelle.signal.vectors.PublishedVectors;
import com.pacerelle.signal.vectors.PublishedVectors.Case;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The vectors of Project Wycheproof and of NIST for {@link IncrementalMlKem768}, whose
 * keys and ciphertexts come in two parts. The parts have their lengths from the erasure
 * code, so that there can be no key and no ciphertext of another length.
 */
class MlKem768VectorTests {

	private static final int KEY_SIZE = IncrementalMlKem768.KEY_VECTOR_SIZE + 32;

	private static final int CIPHERTEXT_SIZE = IncrementalMlKem768.CT1_SIZE + IncrementalMlKem768.CT2_SIZE;

	@TestFactory
	Stream<DynamicTest> wycheproofKeyGeneration() {
		return PublishedVectors.each("wycheproof/mlkem_768_keygen_seed_test", 20, Case::isValid, (vector) -> {
			KeyPair pair = IncrementalMlKem768.generateKeyPair(new ScriptedRandom(vector.bytes("seed")));
			assertKeyPair(pair, vector.bytes("ek"), vector.bytes("dk"));
		});
	}

	@TestFactory
	Stream<DynamicTest> wycheproofEncapsulation() {
		return PublishedVectors.each("wycheproof/mlkem_768_encaps_test", 85,
				(vector) -> vector.bytes("ek").length == KEY_SIZE, (vector) -> {
					byte[] key = vector.bytes("ek");
					assertThat(IncrementalMlKem768.isKey(header(key), keyVector(key))).isEqualTo(vector.isValid());
					if (vector.isValid()) {
						assertEncapsulated(key, vector.bytes("m"), vector.bytes("c"), vector.bytes("K"));
					}
				});
	}

	/** A seed of another length than 64 bytes is never drawn. */
	@TestFactory
	Stream<DynamicTest> wycheproofDecapsulation() {
		return PublishedVectors.each("wycheproof/mlkem_768_test", 81,
				(vector) -> vector.bytes("seed").length == 64 && vector.bytes("c").length == CIPHERTEXT_SIZE,
				(vector) -> {
					KeyPair pair = IncrementalMlKem768.generateKeyPair(new ScriptedRandom(vector.bytes("seed")));
					assertThat(vector.isValid()).isTrue();
					assertThat(pair.keyVector()).isEqualTo(keyVector(vector.bytes("ek")));
					assertThat(decapsulate(pair.decapsulationKey(), vector.bytes("c"))).isEqualTo(vector.bytes("K"));
				});
	}

	@TestFactory
	Stream<DynamicTest> wycheproofDecapsulationWithAnExpandedKey() {
		return PublishedVectors.each("wycheproof/mlkem_768_semi_expanded_decaps_test", 7,
				(vector) -> vector.bytes("c").length == CIPHERTEXT_SIZE, (vector) -> {
					byte[] key = vector.bytes("dk");
					byte[] ciphertext = vector.bytes("c");
					if (vector.isValid()) {
						assertThat(decapsulate(key, ciphertext)).isEqualTo(vector.bytes("K"));
					}
					else {
						assertRefused(key, ciphertext);
					}
				});
	}

	@TestFactory
	Stream<DynamicTest> nistKeyGeneration() {
		return PublishedVectors.each("acvp/ML-KEM-keyGen-FIPS203", 25, (vector) -> vector.isOf("ML-KEM-768"),
				(vector) -> {
					byte[] seed = Arrays.copyOf(vector.bytes("d"), 64);
					System.arraycopy(vector.bytes("z"), 0, seed, 32, 32);
					KeyPair pair = IncrementalMlKem768.generateKeyPair(new ScriptedRandom(seed));
					assertKeyPair(pair, vector.bytes("ek"), vector.bytes("dk"));
				});
	}

	@TestFactory
	Stream<DynamicTest> nistEncapsulation() {
		return nist("encapsulation", 25, (vector) -> assertEncapsulated(vector.bytes("ek"), vector.bytes("m"),
				vector.bytes("c"), vector.bytes("k")));
	}

	@TestFactory
	Stream<DynamicTest> nistDecapsulation() {
		return nist("decapsulation", 10, (vector) -> assertThat(decapsulate(vector.bytes("dk"), vector.bytes("c")))
			.isEqualTo(vector.bytes("k")));
	}

	@TestFactory
	Stream<DynamicTest> nistEncapsulationKeyCheck() {
		return nist("encapsulationKeyCheck", 10, (vector) -> {
			byte[] key = vector.bytes("ek");
			assertThat(IncrementalMlKem768.isKey(header(key), keyVector(key))).isEqualTo(vector.isPassed());
		});
	}

	@TestFactory
	Stream<DynamicTest> nistDecapsulationKeyCheck() {
		return nist("decapsulationKeyCheck", 10, (vector) -> {
			byte[] key = vector.bytes("dk");
			byte[] ciphertext = new byte[CIPHERTEXT_SIZE];
			if (vector.isPassed()) {
				assertThat(decapsulate(key, ciphertext)).hasSize(32);
			}
			else {
				assertRefused(key, ciphertext);
			}
		});
	}

	private static Stream<DynamicTest> nist(String function, int expected, ThrowingConsumer<Case> check) {
		return PublishedVectors.each("acvp/ML-KEM-encapDecap-FIPS203", expected,
				(vector) -> vector.isOf("ML-KEM-768") && vector.isFor(function), check);
	}

	private static void assertKeyPair(KeyPair pair, byte[] key, byte[] decapsulationKey) throws Exception {
		assertThat(pair.header()).isEqualTo(header(key));
		assertThat(pair.keyVector()).isEqualTo(keyVector(key));
		assertThat(pair.decapsulationKey()).isEqualTo(decapsulationKey);
	}

	private static void assertEncapsulated(byte[] key, byte[] message, byte[] ciphertext, byte[] secret)
			throws Exception {
		Encapsulation encapsulation = IncrementalMlKem768.encapsulate(header(key), new ScriptedRandom(message));
		assertThat(encapsulation.secret()).isEqualTo(secret);
		assertThat(encapsulation.ct1()).isEqualTo(ct1(ciphertext));
		assertThat(IncrementalMlKem768.completeEncapsulation(encapsulation.state(), keyVector(key)))
			.isEqualTo(ct2(ciphertext));
	}

	private static void assertRefused(byte[] decapsulationKey, byte[] ciphertext) {
		assertThatExceptionOfType(SpqrException.class).isThrownBy(() -> decapsulate(decapsulationKey, ciphertext))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.STATE_DECODE);
	}

	private static byte[] decapsulate(byte[] decapsulationKey, byte[] ciphertext) {
		return IncrementalMlKem768.decapsulate(decapsulationKey, ct1(ciphertext), ct2(ciphertext));
	}

	private static byte[] ct1(byte[] ciphertext) {
		return Arrays.copyOf(ciphertext, IncrementalMlKem768.CT1_SIZE);
	}

	private static byte[] ct2(byte[] ciphertext) {
		return Arrays.copyOfRange(ciphertext, IncrementalMlKem768.CT1_SIZE, CIPHERTEXT_SIZE);
	}

	/** The seed of the matrix and the hash of the key. */
	private static byte[] header(byte[] key) throws Exception {
		byte[] header = Arrays.copyOf(Arrays.copyOfRange(key, IncrementalMlKem768.KEY_VECTOR_SIZE, KEY_SIZE),
				IncrementalMlKem768.HEADER_SIZE);
		System.arraycopy(MessageDigest.getInstance("SHA3-256").digest(key), 0, header, 32, 32);
		return header;
	}

	private static byte[] keyVector(byte[] key) {
		return Arrays.copyOf(key, IncrementalMlKem768.KEY_VECTOR_SIZE);
	}

}
