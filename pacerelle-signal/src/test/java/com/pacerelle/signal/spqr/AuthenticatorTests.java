package com.pacerelle.signal.spqr;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AuthenticatorTests {

	private static final JsonNode VECTORS = Vectors.section("authenticator");

	private static final Authenticator INITIAL = Authenticator.initial(Vectors.bytes(VECTORS, "auth_key"));

	private static final Authenticator FIRST = INITIAL.update(secret("update1"));

	private static final Map<String, Authenticator> BY_NAME = Map.of("after_init", INITIAL, "update1", FIRST, "update2",
			FIRST.update(secret("update2")));

	@TestFactory
	Stream<DynamicTest> everyUpdateOfTheVectorsGivesTheirKeys() {
		return BY_NAME.keySet().stream().map((name) -> DynamicTest.dynamicTest(name, () -> {
			assertThat(BY_NAME.get(name).root()).isEqualTo(Vectors.bytes(VECTORS.required(name), "root"));
			assertThat(BY_NAME.get(name).macKey()).isEqualTo(Vectors.bytes(VECTORS.required(name), "mac"));
		}));
	}

	@TestFactory
	Stream<DynamicTest> everyHeaderMacOfTheVectorsIsComputed() {
		return Vectors.elements(VECTORS.required("mac_header"))
			.map((vector) -> DynamicTest.dynamicTest(vector.required("with").asString(), () -> {
				Authenticator authenticator = BY_NAME.get(vector.required("with").asString());
				assertThat(authenticator.headerMac(vector.required("epoch").asLong(), Vectors.bytes(vector, "header")))
					.isEqualTo(Vectors.bytes(vector, "mac"));
			}));
	}

	@TestFactory
	Stream<DynamicTest> everyCiphertextMacOfTheVectorsIsComputed() {
		return Vectors.elements(VECTORS.required("mac_ciphertext"))
			.map((vector) -> DynamicTest.dynamicTest(vector.required("with").asString(), () -> {
				Authenticator authenticator = BY_NAME.get(vector.required("with").asString());
				assertThat(authenticator.ciphertextMac(vector.required("epoch").asLong(), Vectors.bytes(vector, "ct1"),
						Vectors.bytes(vector, "ct2")))
					.isEqualTo(Vectors.bytes(vector, "mac"));
			}));
	}

	@Test
	void anUpdateLeavesTheEarlierKeysUsable() {
		byte[] root = INITIAL.root().clone();
		INITIAL.update(secret("update1"));
		assertThat(INITIAL.root()).isEqualTo(root);
	}

	private static EpochSecret secret(String update) {
		JsonNode vector = VECTORS.required(update);
		return new EpochSecret(vector.required("epoch").asLong(), Vectors.bytes(vector, "secret"));
	}

}
