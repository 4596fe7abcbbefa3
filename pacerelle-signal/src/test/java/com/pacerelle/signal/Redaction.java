package com.pacerelle.signal;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key pair to look for in what may end up in a log.
 */
public final class Redaction {

	/** The pair that nothing prints. */
	public static final EcKeyPair PAIR = EcKeyPair.generate(new SeededRandom(1));

	private static final byte[] PRIVATE_KEY = PAIR.encodePrivateKey();

	private Redaction() {
	}

	/**
	 * The secret to fill an object with.
	 * @return the bytes of the private key
	 */
	public static byte[] secret() {
		return PRIVATE_KEY.clone();
	}

	/**
	 * Asserts that the text form of an object has neither half of the pair.
	 * @param object what holds them
	 */
	public static void assertRedacted(Object object) {
		assertThat(object.toString()).doesNotContain(Arrays.toString(PRIVATE_KEY))
			.doesNotContain(HexFormat.of().formatHex(PRIVATE_KEY))
			.doesNotContain(Base64.getEncoder().encodeToString(PRIVATE_KEY))
			.doesNotContain(HexFormat.of().formatHex(PAIR.publicKey().encode()));
	}

}
