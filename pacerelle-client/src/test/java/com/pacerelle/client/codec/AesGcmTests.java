package com.pacerelle.client.codec;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

import javax.crypto.AEADBadTagException;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Project Wycheproof's vectors with keys of 256, nonces of 96 and tags of 128 bits, which
 * are the only ones here.
 */
class AesGcmTests {

	@TestFactory
	Stream<DynamicTest> wycheproof() throws IOException {
		AtomicInteger ran = new AtomicInteger();
		Stream<DynamicTest> tests = groups()
			.filter((group) -> group.required("keySize").asInt() == 8 * AesGcm.KEY_SIZE
					&& group.required("ivSize").asInt() == 8 * AesGcm.NONCE_SIZE
					&& group.required("tagSize").asInt() == 8 * AesGcm.TAG_SIZE)
			.flatMap((group) -> elements(group.required("tests")))
			.map((vector) -> DynamicTest.dynamicTest(name(vector), () -> {
				ran.incrementAndGet();
				check(vector);
			}));
		return Stream.concat(tests,
				Stream.of(DynamicTest.dynamicTest("all cases ran", () -> assertThat(ran).hasValue(66))));
	}

	private static void check(JsonNode vector) throws AEADBadTagException {
		byte[] key = bytes(vector, "key");
		byte[] nonce = bytes(vector, "iv");
		byte[] additionalData = bytes(vector, "aad");
		byte[] plaintext = bytes(vector, "msg");
		byte[] ciphertext = concatenate(bytes(vector, "ct"), bytes(vector, "tag"));
		switch (vector.required("result").asString()) {
			case "valid" -> {
				assertThat(AesGcm.encrypt(key, nonce, additionalData, plaintext)).isEqualTo(ciphertext);
				assertThat(AesGcm.decrypt(key, nonce, additionalData, ciphertext)).isEqualTo(plaintext);
			}
			case "invalid" -> assertThatExceptionOfType(AEADBadTagException.class)
				.isThrownBy(() -> AesGcm.decrypt(key, nonce, additionalData, ciphertext));
			default -> throw new IllegalStateException("The test must decide what it accepts");
		}
	}

	private static Stream<JsonNode> groups() throws IOException {
		try (InputStream stream = AesGcmTests.class.getResourceAsStream("/wycheproof/aes_gcm_test.json.gz")) {
			return elements(GatewayJson.MAPPER.readTree(new GZIPInputStream(stream)).required("testGroups"));
		}
	}

	private static Stream<JsonNode> elements(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

	private static String name(JsonNode vector) {
		return "case " + vector.required("tcId").asInt() + " " + vector.required("result").asString() + ": "
				+ vector.required("comment").asString();
	}

	private static byte[] bytes(JsonNode vector, String name) {
		return HexFormat.of().parseHex(vector.required(name).asString());
	}

	private static byte[] concatenate(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

}
