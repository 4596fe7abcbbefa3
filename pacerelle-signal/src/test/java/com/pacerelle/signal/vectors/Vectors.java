package com.pacerelle.signal.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.pacerelle.signal.EcKeyPair;
import com.pacerelle.signal.EcPublicKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sections of {@code signal-vectors.json} (signal.md section 17). It is public, so it
 * is not in a package that the module exports.
 */
public final class Vectors {

	private static final JsonNode ROOT = read();

	private Vectors() {
	}

	public static JsonNode section(String... path) {
		JsonNode node = ROOT;
		for (String name : path) {
			node = node.required(name);
		}
		return node;
	}

	public static Stream<JsonNode> elements(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

	/**
	 * Makes one test of each vector of a section.
	 * @param check the test
	 * @param path where the section is
	 * @return a test for each vector
	 */
	public static Stream<DynamicTest> each(ThrowingConsumer<JsonNode> check, String... path) {
		JsonNode section = section(path);
		return IntStream.range(0, section.size())
			.mapToObj((i) -> DynamicTest.dynamicTest(String.join(".", path) + "[" + i + "]",
					() -> check.accept(section.get(i))));
	}

	public static byte[] bytes(JsonNode parent, String name) {
		return bytes(parent.required(name));
	}

	public static byte[] bytes(JsonNode node) {
		return HexFormat.of().parseHex(node.asString());
	}

	public static EcPublicKey publicKey(JsonNode parent, String name) {
		return EcPublicKey.decode(bytes(parent, name));
	}

	public static EcKeyPair keyPair(JsonNode parent, String name) {
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
