package com.pacerelle.signal.spqr;

import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

class EpochSecretTests {

	@TestFactory
	Stream<DynamicTest> everySecretOfTheVectorsIsDerived() {
		return Vectors.elements(Vectors.section("kdf")).map((vector) -> {
			long epoch = vector.required("epoch").asLong();
			return DynamicTest.dynamicTest("epoch " + epoch, () -> {
				assertThat(Labels.withEpoch(Labels.EPOCH_SECRET, epoch)).isEqualTo(Vectors.bytes(vector, "info"));
				EpochSecret secret = EpochSecret.derive(epoch, Vectors.bytes(vector, "kem_secret"));
				assertThat(secret.epoch()).isEqualTo(epoch);
				assertThat(secret.value()).isEqualTo(Vectors.bytes(vector, "epoch_secret"));
			});
		});
	}

	@Test
	void anErasedSecretIsZero() {
		EpochSecret secret = EpochSecret.derive(1, new byte[32]);
		secret.erase();
		assertThat(secret.value()).containsOnly(0);
	}

}
