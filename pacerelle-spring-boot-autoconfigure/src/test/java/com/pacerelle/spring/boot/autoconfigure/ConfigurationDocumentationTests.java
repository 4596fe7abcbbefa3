package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code docs/configuration.md} says what the metadata of the properties says.
 */
class ConfigurationDocumentationTests {

	private static final Pattern VARIABLE = Pattern.compile(" Environment variable (\\w+)\\.");

	@Test
	void theTableOfPropertiesIsThatOfTheMetadata() throws IOException {
		List<String> documented;
		try (Stream<String> lines = Files.lines(Path.of("..", "docs", "configuration.md"))) {
			documented = lines.filter((line) -> line.startsWith("| `pacerelle.")).toList();
		}
		List<String> expected = rows();
		assertThat(documented)
			.as(() -> "The table of docs/configuration.md, which should be:%n%s".formatted(String.join("\n", expected)))
			.isEqualTo(expected);
	}

	private List<String> rows() throws IOException {
		try (InputStream metadata = PacerelleProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			return JsonMapper.shared()
				.readTree(metadata)
				.get("properties")
				.valueStream()
				.filter((property) -> property.get("name").asString().startsWith("pacerelle."))
				.map(this::row)
				.sorted()
				.collect(Collectors.toList());
		}
	}

	private String row(JsonNode property) {
		String description = property.get("description").asString();
		Matcher variable = VARIABLE.matcher(description);
		return "| `%s` | %s | %s | %s |".formatted(property.get("name").asString(),
				variable.find() ? "`" + variable.group(1) + "`" : "",
				property.has("defaultValue") ? "`" + property.get("defaultValue").asString() + "`" : "",
				variable.replaceAll(""));
	}

}
