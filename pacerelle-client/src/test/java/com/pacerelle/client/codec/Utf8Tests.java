package com.pacerelle.client.codec;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Only valid UTF-8 becomes a text (RFC 3629).
 */
class Utf8Tests {

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "ä", "€", "\uD83D\uDE00", "\u0000" })
	void decodesWhatIsValid(String text) {
		assertThat(Utf8.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
	}

	@Test
	void refusesWhatIsNot() {
		assertThat(Utf8.decode(bytes(0xC3))).as("cut off").isNull();
		assertThat(Utf8.decode(bytes(0x80))).as("continuation alone").isNull();
		assertThat(Utf8.decode(bytes(0xC0, 0x80))).as("overlong").isNull();
		assertThat(Utf8.decode(bytes(0xED, 0xA0, 0x80))).as("surrogate").isNull();
		assertThat(Utf8.decode(bytes(0xF5, 0x80, 0x80, 0x80))).as("beyond U+10FFFF").isNull();
	}

	private static byte[] bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return bytes;
	}

}
