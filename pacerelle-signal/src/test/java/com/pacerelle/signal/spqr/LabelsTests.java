package com.pacerelle.signal.spqr;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

class LabelsTests {

	private static final Map<String, byte[]> LABELS = Map.of("chain_start", Labels.CHAIN_START, "chain_add_epoch",
			Labels.CHAIN_ADD_EPOCH, "chain_next", Labels.CHAIN_NEXT, "epoch_secret", Labels.EPOCH_SECRET,
			"authenticator_update", Labels.AUTHENTICATOR_UPDATE, "mac_header", Labels.MAC_HEADER, "mac_ciphertext",
			Labels.MAC_CIPHERTEXT);

	@TestFactory
	Stream<DynamicTest> everyLabelIsThatOfTheVectors() {
		assertThat(LABELS).containsOnlyKeys(Vectors.section("labels").propertyNames());
		return LABELS.keySet()
			.stream()
			.map((name) -> DynamicTest.dynamicTest(name, () -> assertThat(LABELS.get(name))
				.isEqualTo(Vectors.section("labels").required(name).asString().getBytes(StandardCharsets.US_ASCII))));
	}

}
