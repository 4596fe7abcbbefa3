package com.pacerelle.signal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sections of {@code signal-vectors.json} (signal.md section 17).
 */
final class Vectors {

	private static final JsonNode ROOT = read();

	private Vectors() {
	}

	static JsonNode section(String... path) {
		JsonNode node = ROOT;
		for (String name : path) {
			node = node.required(name);
		}
		return node;
	}

	static Stream<JsonNode> elements(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

	/**
	 * Makes one test of each vector of a section.
	 * @param check the test
	 * @param path where the section is
	 * @return a test for each vector
	 */
	static Stream<DynamicTest> each(ThrowingConsumer<JsonNode> check, String... path) {
		JsonNode section = section(path);
		return IntStream.range(0, section.size())
			.mapToObj((i) -> DynamicTest.dynamicTest(String.join(".", path) + "[" + i + "]",
					() -> check.accept(section.get(i))));
	}

	static byte[] bytes(JsonNode parent, String name) {
		return bytes(parent.required(name));
	}

	static byte[] bytes(JsonNode node) {
		return HexFormat.of().parseHex(node.asString());
	}

	static EcPublicKey publicKey(JsonNode parent, String name) {
		return EcPublicKey.decode(bytes(parent, name));
	}

	static EcKeyPair keyPair(JsonNode parent, String name) {
		return EcKeyPair.decode(bytes(parent, name));
	}

	private static JsonNode read() {
		try (InputStream stream = Vectors.class.getResourceAsStream("/signal-vectors.json")) {
			return JsonMapper.shared().readTree(stream);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
