package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a source or a page refers to the protocol, as in "gateway.md sections 4.2 and 7",
 * the specification in {@code docs/protocol} has these sections.
 */
class ProtocolReferencesTests {

	private static final Path ROOT = Path.of("..");

	private static final String NUMBER = "[0-9]+(?:\\.[0-9]+)*";

	private static final Pattern REFERENCE = Pattern.compile("\\b(gateway|signal|spqr)\\.md`? (?:sections? (" + NUMBER
			+ "(?:(?:, | and | to )" + NUMBER + ")*)|appendix ([A-Z]))");

	private static final Pattern START_OF_REFERENCE = Pattern
		.compile("\\b(?:gateway|signal|spqr)\\.md`?,? (?:sec|app|§|[0-9])");

	private static final Pattern HEADING = Pattern.compile("^#{2,3} (?:Appendix )?(" + NUMBER + "|[A-Z])\\.? ",
			Pattern.MULTILINE);

	private static final Pattern INNER_REFERENCE = Pattern
		.compile("(?<!\\.md |RFC [0-9]{4} |FIPS 203 )\\bsections? (" + NUMBER + ")");

	@Test
	void eachReferenceNamesASectionThatExists() throws IOException {
		int references = 0;
		for (Path file : files()) {
			String text = withoutLineBreaks(file);
			List<MatchResult> found = REFERENCE.matcher(text).results().toList();
			assertThat(found).as("References in %s", file)
				.hasSameSizeAs(START_OF_REFERENCE.matcher(text).results().toList());
			for (MatchResult reference : found) {
				String names = (reference.group(2) != null) ? reference.group(2) : reference.group(3);
				assertThat(names.split(", | and | to ")).as("%s in %s", reference.group(), file)
					.isSubsetOf(sections(reference.group(1)));
			}
			references += found.size();
		}
		assertThat(references).isGreaterThan(150);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gateway", "signal", "spqr" })
	void eachSectionThatASpecificationMentionsExists(String specification) throws IOException {
		assertThat(INNER_REFERENCE.matcher(withoutLineBreaks(path(specification))).results())
			.extracting((reference) -> reference.group(1))
			.isNotEmpty()
			.isSubsetOf(sections(specification));
	}

	private static Set<String> sections(String specification) throws IOException {
		return HEADING.matcher(Files.readString(path(specification)))
			.results()
			.map((heading) -> heading.group(1))
			.collect(Collectors.toSet());
	}

	private static Path path(String specification) {
		return ROOT.resolve("docs/protocol/" + specification + ".md");
	}

	/** A reference goes on after a line break, in Javadoc and in other comments too. */
	private static String withoutLineBreaks(Path file) throws IOException {
		return Files.readString(file).replaceAll("\\s*\\n\\s*(?:[*#]+|//)?\\s*", " ");
	}

	private static List<Path> files() throws IOException {
		try (Stream<Path> files = Files.walk(ROOT)) {
			return files.filter((file) -> file.toString().matches(".+\\.(java|kt|py|js|html|md|xml|properties)"))
				.filter((file) -> !file.toString().matches(".*/(target|\\.git)/.*"))
				.toList();
		}
	}

}
