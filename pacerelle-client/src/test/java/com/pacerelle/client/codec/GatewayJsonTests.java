package com.pacerelle.client.codec;

import java.util.Collections;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class GatewayJsonTests {

	@ParameterizedTest
	@ValueSource(strings = { "[]", "1", "{}", "\"\"" })
	void treeThatIsLargeBesideItsTextIsNoObject(String element) {
		assertThat(GatewayJson.readObject(object(element, 400))).isNotNull();
		assertThat(GatewayJson.readObject(object(element, 2000))).isNull();
	}

	@Test
	void treeIsReadHoweverLargeItIsInProportionToItsText() {
		assertThat(GatewayJson.readObject(object("\"a text that is long enough\"", 10_000))).isNotNull();
	}

	private static String object(String element, int count) {
		return "{\"a\":[" + String.join(",", Collections.nCopies(count, element)) + "]}";
	}

}
