package com.pacerelle.sample;

import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a log must not contain: texts, the token, and anything that looks like a key or a
 * ciphertext.
 */
final class DiscreetLog {

	/**
	 * A word that stands in each text that the tests send, unless its size is given.
	 */
	static final String SECRET = "Zugspitze";

	/**
	 * 32 bytes or more in Base64: 42 characters with a digit and letters of both cases.
	 */
	private static final Pattern BASE64 = Pattern
		.compile("(?<![A-Za-z0-9+/])(?=[A-Za-z+/]*[0-9])(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])[A-Za-z0-9+/]{42,}");

	private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32,}");

	private static final Pattern BYTES = Pattern.compile("(-?\\d{1,3}, ?){15,}");

	private DiscreetLog() {
	}

	static void verify(String log, String token) {
		assertThat(log).as("the log")
			.doesNotContain(token)
			.doesNotContainIgnoringCase(SECRET)
			.doesNotContain("字", "😀", "🇫🇷")
			.doesNotContainPattern(BASE64)
			.doesNotContainPattern(HEX)
			.doesNotContainPattern(BYTES);
	}

}
