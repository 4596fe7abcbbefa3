package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DotenvFile}.
 */
class DotenvFileTests {

	private static final String TOKEN = "PACERELLE_AGENT_TOKEN";

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', textBlock = """
			PACERELLE_AGENT_TOKEN=abc, abc
			  PACERELLE_AGENT_TOKEN = abc  , abc
			export PACERELLE_AGENT_TOKEN=abc, abc
			PACERELLE_AGENT_TOKEN="a b", a b
			PACERELLE_AGENT_TOKEN='a "b"', a "b"
			PACERELLE_AGENT_TOKEN="a \\"b\\" \\\\ \\$c \\d", a "b" \\ $c \\d
			PACERELLE_AGENT_TOKEN='a \\ b', a \\ b
			PACERELLE_AGENT_TOKEN=abc # comment, abc
			PACERELLE_AGENT_TOKEN="abc" # comment, abc
			PACERELLE_AGENT_TOKEN="a # b", a # b
			PACERELLE_AGENT_TOKEN=a#b, a#b
			PACERELLE_AGENT_TOKEN=a=b==, a=b==
			PACERELLE_AGENT_TOKEN=, ``
			PACERELLE_AGENT_TOKEN="", ``
			PACERELLE_AGENT_TOKEN= # comment, ``
			""")
	void aValueIsReadAsAShellDoes(String line, String value) throws IOException {
		assertThat(read(line)).containsExactly(Map.entry(TOKEN, value));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "\r" })
	void allLineEndsAreUnderstood(String lineEnd) throws IOException {
		assertThat(read(String.join(lineEnd, "# from the app", "", "PACERELLE_AGENT_ID=agent", TOKEN + "=abc", "")))
			.isEqualTo(Map.of("PACERELLE_AGENT_ID", "agent", TOKEN, "abc"));
	}

	@Test
	void aByteOrderMarkIsSkipped() throws IOException {
		assertThat(read("\uFEFF" + TOKEN + "=abc")).containsEntry(TOKEN, "abc");
	}

	@Test
	void theLastOfSeveralValuesCounts() throws IOException {
		assertThat(read(TOKEN + "=old\n" + TOKEN + "=new")).containsEntry(TOKEN, "new");
	}

	@Test
	void onlyTheAskedNamesAreRead() throws IOException {
		assertThat(read("""
				SPRING_PROFILES_ACTIVE=evil
				PRIVATE_KEY="-----BEGIN
				PACERELLE_AGENT_TOKEN=inside the key
				-----END"
				PACERELLE_OTHER=1
				PACERELLE_AGENT_TOKEN=abc
				""")).containsExactly(Map.entry(TOKEN, "abc"));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', textBlock = """
			3, SECRET no assignment
			3, export PACERELLE_AGENT_TOKEN
			3, SECRET-KEY? = 1
			3, PACERELLE_AGENT_TOKEN="SECRET
			3, PACERELLE_AGENT_TOKEN="SECRET" SECRET
			3, PACERELLE_AGENT_TOKEN='SECRET
			""")
	void aMalformedLineIsNamedByItsNumberAndNotByItsContent(int number, String line) {
		assertThatExceptionOfType(PacerelleConfigurationException.class)
			.isThrownBy(() -> read("# comment\nPACERELLE_AGENT_ID=agent\n" + line + "\nA=1\n"))
			.satisfies((ex) -> assertThat(ex).message()
				.contains("Line " + number + " ", this.directory.resolve(".env").toString())
				.doesNotContain("SECRET"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("'pacerelle.dotenv'"));
	}

	@Test
	void aFileThatDoesNotMentionUsMayLookAsItLikes() throws IOException {
		assertThat(read("set -a\n\"unclosed")).isEmpty();
		Files.write(this.directory.resolve(".env"), new byte[] { (byte) 0xE9, (byte) 0xFF });
		assertThat(new DotenvFile(this.directory.resolve(".env")).read(Set.of(TOKEN))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UTF-16", "ISO-8859-1" })
	void anotherEncodingIsAnError(Charset charset) throws IOException {
		Path file = this.directory.resolve(".env");
		Files.writeString(file, "# cl\u00e9\nPACERELLE_AGENT_TOKEN=abc\n", charset);
		assertThatExceptionOfType(PacerelleConfigurationException.class)
			.isThrownBy(() -> new DotenvFile(file).read(Set.of(TOKEN)))
			.withMessageContaining("It is not UTF-8");
	}

	@Test
	void aFileOfUnlikelySizeIsAnError() {
		assertThatExceptionOfType(PacerelleConfigurationException.class)
			.isThrownBy(() -> read("#".repeat(64 * 1024 + 1)))
			.withMessageContaining("larger than 64 KiB");
	}

	@Test
	void aFileThatCannotBeReadIsAnError() {
		assertThatExceptionOfType(PacerelleConfigurationException.class)
			.isThrownBy(() -> new DotenvFile(this.directory.resolve("absent")).read(Set.of(TOKEN)))
			.withMessageContaining("not readable");
	}

	private Map<String, String> read(String content) throws IOException {
		Path file = this.directory.resolve(".env");
		Files.writeString(file, content, StandardCharsets.UTF_8);
		return new DotenvFile(file).read(Set.of("PACERELLE_AGENT_ID", TOKEN));
	}

}
