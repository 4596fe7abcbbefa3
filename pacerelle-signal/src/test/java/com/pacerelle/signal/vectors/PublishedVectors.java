package com.pacerelle.signal.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Vectors that others publish, as groups of cases. The {@code README.md} beside each file
 * says where it comes from.
 */
public final class PublishedVectors {

	private PublishedVectors() {
	}

	/**
	 * Makes a test of each case, and one that counts them.
	 * @param file the file among the resources, without its extension
	 * @param expected how many cases are selected
	 * @param selected which cases our code can be given
	 * @param check the test
	 * @return the tests
	 */
	public static Stream<DynamicTest> each(String file, int expected, Predicate<Case> selected,
			ThrowingConsumer<Case> check) {
		List<Case> cases = read(file).filter(selected).toList();
		AtomicInteger ran = new AtomicInteger();
		Stream<DynamicTest> tests = cases.stream().map((vector) -> DynamicTest.dynamicTest(vector.toString(), () -> {
			ran.incrementAndGet();
			check.accept(vector);
		}));
		return Stream.concat(tests,
				Stream.of(DynamicTest.dynamicTest("all cases ran", () -> assertThat(ran).hasValue(expected))));
	}

	private static Stream<Case> read(String file) {
		try (InputStream stream = PublishedVectors.class.getResourceAsStream("/" + file + ".json.gz")) {
			JsonNode groups = JsonMapper.shared().readTree(new GZIPInputStream(stream)).required("testGroups");
			return Vectors.elements(groups)
				.flatMap((group) -> Vectors.elements(group.required("tests")).map((test) -> new Case(group, test)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A case.
	 *
	 * @param group what it has in common with the other cases of its group
	 * @param test what it is
	 */
	public record Case(JsonNode group, JsonNode test) {

		public byte[] bytes(String name) {
			return Vectors.bytes(this.test, name);
		}

		/**
		 * What Project Wycheproof says of the case.
		 * @return the result
		 */
		public Result result() {
			return switch (this.test.required("result").asString()) {
				case "valid" -> Result.VALID;
				case "acceptable" -> Result.ACCEPTABLE;
				case "invalid" -> Result.INVALID;
				default -> throw new IllegalStateException("An unknown result");
			};
		}

		public boolean isValid() {
			return switch (result()) {
				case VALID -> true;
				case INVALID -> false;
				case ACCEPTABLE -> throw new IllegalStateException("The test must decide what it accepts");
			};
		}

		/**
		 * What NIST says of the key of the case.
		 * @return whether it passes the check
		 */
		public boolean isPassed() {
			return this.test.required("testPassed").asBoolean();
		}

		public boolean isOf(String parameterSet) {
			return parameterSet.equals(this.group.required("parameterSet").asString());
		}

		public boolean isFor(String function) {
			return function.equals(this.group.required("function").asString());
		}

		public boolean has(String flag) {
			return Vectors.elements(this.test.path("flags")).anyMatch((element) -> flag.equals(element.asString()));
		}

		@Override
		public String toString() {
			return "case " + this.test.required("tcId").asInt() + " "
					+ this.test.path("result").asString(this.group.path("function").asString("")) + ": "
					+ this.test.path("comment").asString(this.test.path("reason").asString(""));
		}

	}

	/**
	 * What Project Wycheproof expects.
	 */
	public enum Result {

		/** Must be accepted. */
		VALID,

		/** May be accepted or refused: legacy, or against a recommendation. */
		ACCEPTABLE,

		/** Must be refused. */
		INVALID

	}

}
