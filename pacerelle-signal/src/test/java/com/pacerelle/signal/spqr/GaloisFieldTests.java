package com.pacerelle.signal.spqr;

import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GaloisFieldTests {

	@TestFactory
	Stream<DynamicTest> everyProductAndQuotientOfTheVectorsIsComputed() {
		return Vectors.elements(Vectors.section("gf")).map((vector) -> {
			int a = vector.get(0).asInt();
			int b = vector.get(1).asInt();
			return DynamicTest.dynamicTest(a + " and " + b, () -> {
				assertThat(GaloisField.multiply(a, b)).isEqualTo(vector.get(2).asInt());
				assertThat(GaloisField.divide(a, b)).isEqualTo(vector.get(3).asInt());
			});
		});
	}

	@Test
	void everyElementButZeroHasAnInverse() {
		for (int a = 1; a <= 0xFFFF; a++) {
			assertThat(GaloisField.multiply(a, GaloisField.divide(1, a))).isOne();
		}
	}

	@Test
	void divisionByZeroIsRefused() {
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> GaloisField.divide(1, 0));
	}

}
