package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each block of Java and Kotlin in {@code docs} is a part of a source that is compiled
 * and tested. A comment such as
 * {@code <!-- snippet: module/src/test/java/com/example/GuideTests.java#name -->} before
 * the block says which: what is between {@code // tag::name[]} and
 * {@code // end::name[]}.
 */
class DocumentationSnippetsTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern BLOCK = Pattern
		.compile("(?:<!-- snippet: (\\S+)#(\\S+) -->\n)?```(?:java|kotlin)\n(.*?)```", Pattern.DOTALL);

	static List<Path> pages() throws IOException {
		try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
			return files.filter((file) -> file.toString().endsWith(".md")).sorted().toList();
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void eachBlockIsPartOfATestedSource(Path page) throws IOException {
		for (MatchResult block : BLOCK.matcher(Files.readString(page)).results().toList()) {
			assertThat(block.group(1)).as("Source of a block in %s:%n%s", page, block.group(3)).isNotNull();
			assertThat(block.group(3)).as("%s#%s in %s", block.group(1), block.group(2), page)
				.isEqualTo(region(Files.readString(ROOT.resolve(block.group(1))), block.group(2)));
		}
	}

	@Test
	void eachBlockOfTheReadmeThatNamesItsSourceIsPartOfIt() throws IOException {
		List<MatchResult> named = BLOCK.matcher(Files.readString(ROOT.resolve("README.md")))
			.results()
			.filter((block) -> block.group(1) != null)
			.toList();
		assertThat(named).isNotEmpty();
		for (MatchResult block : named) {
			assertThat(block.group(3)).as("%s#%s", block.group(1), block.group(2))
				.isEqualTo(region(Files.readString(ROOT.resolve(block.group(1))), block.group(2)));
		}
	}

	private static String region(String source, String name) {
		String start = "// tag::" + name + "[]\n";
		String end = "// end::" + name + "[]";
		assertThat(source).contains(start).contains(end);
		String region = source.substring(source.indexOf(start) + start.length(), source.indexOf(end));
		return region.substring(0, region.lastIndexOf('\n')).stripIndent().replace("\t", "    ") + "\n";
	}

}
