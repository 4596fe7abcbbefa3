package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of {@code docs/features.md} name tests that exist, and each public method of
 * the published SDK's client.
 */
class FeaturesDocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Tests)(?:\\.(\\w+))?`");

	@Test
	void eachTestThatIsNamedExists() throws IOException {
		List<MatchResult> tests = TEST.matcher(page()).results().toList();
		assertThat(tests).isNotEmpty();
		for (MatchResult test : tests) {
			List<String> sources = sources(test.group(1));
			assertThat(sources).as("Sources of %s", test.group(1)).isNotEmpty();
			if (test.group(2) != null) {
				assertThat(sources).as("Sources of %s", test.group())
					.anyMatch((source) -> source.contains("void " + test.group(2) + "("));
			}
		}
	}

	@Test
	void eachRowNamesATest() throws IOException {
		List<String> rows = page().lines()
			.filter((line) -> line.startsWith("| ") && !line.startsWith("| Capability"))
			.toList();
		assertThat(rows).isNotEmpty().allMatch((row) -> TEST.matcher(row).find());
	}

	@Test
	void eachMethodOfThePublishedClientIsInATable() throws IOException {
		List<String> tables = page().lines().filter((line) -> line.startsWith("| ")).toList();
		for (String method : methods()) {
			assertThat(tables).as(method).anyMatch((row) -> row.contains("`" + method + "`"));
		}
	}

	private static String page() throws IOException {
		return Files.readString(ROOT.resolve("docs/features.md"));
	}

	private static List<String> methods() throws IOException {
		try (InputStream list = Objects
			.requireNonNull(FeaturesDocumentationTests.class.getResourceAsStream("/published-sdk-methods.txt"))) {
			return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
		}
	}

	private static List<String> sources(String test) throws IOException {
		List<String> sources = new ArrayList<>();
		try (Stream<Path> modules = Files.list(ROOT)) {
			for (Path tests : modules.map((module) -> module.resolve("src/test")).filter(Files::isDirectory).toList()) {
				try (Stream<Path> files = Files.walk(tests)) {
					for (Path file : files.toList()) {
						String name = file.getFileName().toString();
						if (name.equals(test + ".java") || name.equals(test + ".kt")) {
							sources.add(Files.readString(file));
						}
					}
				}
			}
		}
		return sources;
	}

}
