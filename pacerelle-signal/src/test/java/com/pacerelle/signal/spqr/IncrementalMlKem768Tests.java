package com.pacerelle.signal.spqr;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.signal.spqr.IncrementalMlKem768.Encapsulation;
import com.pacerelle.signal.spqr.IncrementalMlKem768.KeyPair;
import com.pacerelle.signal.spqr.SpqrException.Reason;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class IncrementalMlKem768Tests {

	private static final JsonNode VECTORS = Vectors.section("mlkem");

	@TestFactory
	Stream<DynamicTest> everyKeyPairOfTheVectorsIsGenerated() {
		return cases((vector) -> {
			KeyPair keyPair = keyPair(vector);
			assertThat(keyPair.decapsulationKey()).isEqualTo(Vectors.bytes(vector, "dk"));
			assertThat(keyPair.header()).isEqualTo(Vectors.bytes(vector, "header"));
			assertThat(keyPair.keyVector()).isEqualTo(Vectors.bytes(vector, "ek_vector"));
		});
	}

	@TestFactory
	Stream<DynamicTest> everyEncapsulationOfTheVectorsIsComputedInTwoSteps() {
		return cases((vector) -> {
			Encapsulation encapsulation = encapsulation(vector);
			assertThat(encapsulation.secret()).isEqualTo(Vectors.bytes(vector, "K"));
			assertThat(encapsulation.ct1()).isEqualTo(Vectors.bytes(vector, "ct1"));
			assertThat(encapsulation.state().packed())
				.isEqualTo(Vectors.bytes(vector, "encapsulation_state_appendix_A"));
			assertThat(IncrementalMlKem768.completeEncapsulation(encapsulation.state(),
					Vectors.bytes(vector, "ek_vector")))
				.isEqualTo(Vectors.bytes(vector, "ct2"));
		});
	}

	@TestFactory
	Stream<DynamicTest> everyCiphertextOfTheVectorsIsDecapsulated() {
		return cases((vector) -> {
			byte[] dk = Vectors.bytes(vector, "dk");
			byte[] ct1 = Vectors.bytes(vector, "ct1");
			assertThat(IncrementalMlKem768.decapsulate(dk, ct1, Vectors.bytes(vector, "ct2")))
				.isEqualTo(Vectors.bytes(vector, "decaps"));
			assertThat(IncrementalMlKem768.decapsulate(dk, ct1, Vectors.bytes(vector, "ct2_corrupt")))
				.isEqualTo(Vectors.bytes(vector, "decaps_corrupt"));
			assertThat(dk).isEqualTo(Vectors.bytes(vector, "dk"));
		});
	}

	@TestFactory
	Stream<DynamicTest> everyKeyOfTheVectorsFitsItsHeader() {
		return cases((vector) -> {
			JsonNode match = vector.required("key_match").get(0);
			byte[] keyVector = Vectors.bytes(vector, "ek_vector");
			assertThat(MessageDigest.getInstance("SHA-256").digest(keyVector))
				.isEqualTo(Vectors.bytes(match, "ek_vector_sha256"));
			assertThat(IncrementalMlKem768.isKey(Vectors.bytes(match, "header"), keyVector)).isTrue();
		});
	}

	@TestFactory
	Stream<DynamicTest> everyMismatchOfTheVectorsIsRefused() {
		return Vectors.elements(VECTORS.required("key_mismatch"))
			.map((vector) -> DynamicTest.dynamicTest(vector.required("why").asString(), () -> assertThat(
					IncrementalMlKem768.isKey(Vectors.bytes(vector, "header"), Vectors.bytes(vector, "ek_vector")))
				.isFalse()));
	}

	@TestFactory
	Stream<DynamicTest> everyIntermediateValueOfTheVectorsIsReached() {
		return cases((vector) -> {
			JsonNode intermediate = vector.required("intermediate");
			byte[] seed = Vectors.bytes(vector, "r");
			byte[] rho = Arrays.copyOf(Vectors.bytes(vector, "header"), 32);
			assertStartsWith(intermediate, "A_hat[0][1] first 8 (XOF input rho,1,0)", Polynomial.uniform(rho, 1, 0));
			Polynomial y = Polynomial.noise(seed, 0);
			assertStartsWith(intermediate, "y[0] first 8 (before NTT, signed)", y);
			y.transform();
			assertStartsWith(intermediate, "y_hat[0] first 8", y);
			assertStartsWith(intermediate, "e1[0] first 8", Polynomial.noise(seed, 3));
			assertStartsWith(intermediate, "e2 first 8", Polynomial.noise(seed, 6));
		});
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void theTwoStepsGiveTheCiphertextAndTheSecretOfTheOneStep(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 20; i++) {
			byte[] keySeed = new byte[64];
			byte[] message = new byte[32];
			random.nextBytes(keySeed);
			random.nextBytes(message);
			KeyPair keyPair = IncrementalMlKem768.generateKeyPair(new ScriptedRandom(keySeed));
			Encapsulation encapsulation = IncrementalMlKem768.encapsulate(keyPair.header(),
					new ScriptedRandom(message));
			byte[] ct2 = IncrementalMlKem768.completeEncapsulation(encapsulation.state(), keyPair.keyVector());
			SecretWithEncapsulation whole = MLKEMGenerator.internalGenerateEncapsulated(new MLKEMPublicKeyParameters(
					MLKEMParameters.ml_kem_768, keyPair.keyVector(), Arrays.copyOf(keyPair.header(), 32)), message);
			assertThat(encapsulation.secret()).isEqualTo(whole.getSecret());
			assertThat(concatenate(encapsulation.ct1(), ct2)).isEqualTo(whole.getEncapsulation());
			assertThat(IncrementalMlKem768.decapsulate(keyPair.decapsulationKey(), encapsulation.ct1(), ct2))
				.isEqualTo(whole.getSecret());
		}
	}

	@Test
	void aBrokenDecapsulationKeyIsTheFaultOfTheStore() {
		byte[] dk = Vectors.bytes(VECTORS.required("cases").get(0), "dk");
		dk[1500] ^= 1;
		assertThatExceptionOfType(SpqrException.class)
			.isThrownBy(() -> IncrementalMlKem768.decapsulate(dk, new byte[960], new byte[128]))
			.extracting(SpqrException::reason)
			.isEqualTo(Reason.STATE_DECODE);
	}

	private static Stream<DynamicTest> cases(ThrowingConsumer<JsonNode> test) {
		JsonNode cases = VECTORS.required("cases");
		return IntStream.range(0, cases.size())
			.mapToObj((i) -> DynamicTest.dynamicTest("case " + i, () -> test.accept(cases.get(i))));
	}

	private static KeyPair keyPair(JsonNode vector) {
		return IncrementalMlKem768
			.generateKeyPair(new ScriptedRandom(concatenate(Vectors.bytes(vector, "d"), Vectors.bytes(vector, "z"))));
	}

	private static Encapsulation encapsulation(JsonNode vector) {
		return IncrementalMlKem768.encapsulate(Vectors.bytes(vector, "header"),
				new ScriptedRandom(Vectors.bytes(vector, "m")));
	}

	/** The vectors give some values signed. */
	private static void assertStartsWith(JsonNode intermediate, String name, Polynomial polynomial) {
		int[] expected = Vectors.elements(intermediate.required(name))
			.mapToInt((value) -> Math.floorMod(value.asInt(), Polynomial.MODULUS))
			.toArray();
		assertThat(polynomial.toArray()).as(name).startsWith(expected);
	}

	private static byte[] concatenate(byte[] a, byte[] b) {
		byte[] whole = Arrays.copyOf(a, a.length + b.length);
		System.arraycopy(b, 0, whole, a.length, b.length);
		return whole;
	}

}
