package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code docs/troubleshooting.md} quotes what the code says: each quotation in the first
 * column of a table, in parts where it has an ellipsis, is in a main source.
 */
class TroubleshootingDocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern FIRST_CELL = Pattern.compile("(?m)^\\| (.*?) \\|");

	private static final Pattern QUOTATION = Pattern.compile("`([^`]+)`");

	private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

	@Test
	void eachQuotationIsInTheCode() throws IOException {
		String page = Files.readString(ROOT.resolve("docs/troubleshooting.md"));
		List<String> quotations = FIRST_CELL.matcher(page)
			.results()
			.flatMap((cell) -> QUOTATION.matcher(cell.group(1)).results())
			.flatMap((quotation) -> Arrays.stream(quotation.group(1).split("…")))
			.map(String::strip)
			.filter((part) -> !part.isEmpty())
			.toList();
		String sources = sources();
		assertThat(quotations).hasSizeGreaterThan(50)
			.allSatisfy((quotation) -> assertThat(sources.contains(quotation)).as(quotation).isTrue());
	}

	private static String sources() throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			return modules.map((module) -> module.resolve("src/main/java"))
				.filter(Files::isDirectory)
				.flatMap(TroubleshootingDocumentationTests::files)
				.map(TroubleshootingDocumentationTests::read)
				.map((source) -> CONCATENATION.matcher(source).replaceAll(""))
				.collect(Collectors.joining());
		}
	}

	private static Stream<Path> files(Path root) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
