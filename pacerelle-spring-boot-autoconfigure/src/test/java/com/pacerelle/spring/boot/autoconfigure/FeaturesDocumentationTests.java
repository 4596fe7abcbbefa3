package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.client.Conversation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of features, of security and of the rules, and the comparison, name tests
 * that exist, and no method of the published SDK is missing from the first.
 * {@code ConformanceIT} checks its list of methods against the SDK.
 */
class FeaturesDocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern PROOF = Pattern.compile("`([A-Z]\\w+(?:Tests|IT))(?:\\.(\\w+))?`");

	private static final Pattern SDK_METHOD = Pattern.compile("(?:toAlice|SdkCall|entry)\\(\\s*\"([a-z_]+)\"");

	/** In the first column. */
	private static final Pattern PUBLIC_NAME = Pattern.compile("^\\| `(send\\w+)`", Pattern.MULTILINE);

	@ParameterizedTest
	@ValueSource(strings = { "features.md", "comparison.md", "security.md", "protocol/gateway.md" })
	void eachNamedTestExists(String page) throws IOException {
		List<Path> sources = testSources();
		for (MatchResult proof : PROOF.matcher(read(page)).results().toList()) {
			List<Path> found = sources.stream()
				.filter((source) -> source.getFileName().toString().matches(proof.group(1) + "\\.(java|kt)"))
				.toList();
			assertThat(found).as(proof.group(1)).isNotEmpty();
			if (proof.group(2) != null) {
				assertThat(Files.readString(found.get(0))).contains("void " + proof.group(2) + "(");
			}
		}
	}

	@Test
	void eachMethodOfThePublishedSdkIsThere() throws IOException {
		String conformance = Files
			.readString(ROOT.resolve("sample-app/src/test/java/com/pacerelle/sample/ConformanceIT.java"));
		List<String> methods = SDK_METHOD.matcher(conformance)
			.results()
			.map((method) -> method.group(1))
			.distinct()
			.toList();
		assertThat(methods).hasSizeGreaterThan(20);
		assertThat(methods).allSatisfy((method) -> assertThat(features()).contains("`" + method + "`"));
	}

	@Test
	void eachWayToSendThatThePublicDocumentationNamesIsThere() throws IOException {
		List<String> names = PUBLIC_NAME.matcher(features()).results().map((name) -> name.group(1)).toList();
		assertThat(names).hasSizeGreaterThan(10);
		assertThat(Arrays.stream(Conversation.class.getMethods()).map(Method::getName)).containsAll(names);
	}

	private static String features() throws IOException {
		return read("features.md");
	}

	private static String read(String page) throws IOException {
		return Files.readString(ROOT.resolve("docs").resolve(page));
	}

	private static List<Path> testSources() throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			List<Path> roots = modules.map((module) -> module.resolve("src/test")).filter(Files::isDirectory).toList();
			return roots.stream().flatMap(FeaturesDocumentationTests::files).collect(Collectors.toList());
		}
	}

	private static Stream<Path> files(Path root) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter(Files::isRegularFile).toList().stream();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
