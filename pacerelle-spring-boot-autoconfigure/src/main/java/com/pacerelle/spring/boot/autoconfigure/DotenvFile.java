package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A file of lines {@code NAME=value} as shells read them, with {@code export}, quotes and
 * comments. Its content never gets into a message. A file that nowhere mentions our
 * variables belongs to somebody else and may look as it likes.
 */
final class DotenvFile {

	private static final String OURS = "PACERELLE_";

	private static final int MAX_SIZE = 64 * 1024;

	private static final Pattern ASSIGNMENT = Pattern.compile("(?:export\\s+)?([A-Za-z_][\\w.-]*)\\s*=\\s*(.*)");

	private static final Pattern QUOTED = Pattern
		.compile("(?s)(?:'([^']*+)'|\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\")\\s*(?:#.*)?");

	private static final Pattern ESCAPED = Pattern.compile("\\\\([\"\\\\$`])");

	private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*");

	private final Path path;

	DotenvFile(Path path) {
		this.path = path;
	}

	/**
	 * Reads variables.
	 * @param names which ones
	 * @return those that the file has, by name
	 */
	Map<String, String> read(Set<String> names) {
		Map<String, String> values = new TreeMap<>();
		String[] lines = content().split("\\R");
		for (int index = 0; index < lines.length; index++) {
			String line = lines[index].strip();
			if (line.isEmpty() || line.startsWith("#")) {
				continue;
			}
			int number = index + 1;
			Matcher assignment = ASSIGNMENT.matcher(line);
			if (!assignment.matches()) {
				throw malformed("Line " + number + " is not of the form NAME=value", null);
			}
			String value = assignment.group(2);
			if (value.startsWith("'") || value.startsWith("\"")) {
				// Others' values may have several lines.
				while (!QUOTED.matcher(value).matches()) {
					if (++index == lines.length) {
						throw malformed("Line " + number + " has a quote that is not closed, or text behind it", null);
					}
					value = value + "\n" + lines[index];
				}
			}
			if (names.contains(assignment.group(1))) {
				values.put(assignment.group(1), unquote(value));
			}
		}
		return values;
	}

	private static String unquote(String value) {
		Matcher quoted = QUOTED.matcher(value);
		if (!quoted.matches()) {
			return COMMENT.matcher(value).replaceFirst("");
		}
		return (quoted.group(1) != null) ? quoted.group(1) : ESCAPED.matcher(quoted.group(2)).replaceAll("$1");
	}

	private String content() {
		byte[] bytes;
		try {
			if (Files.size(this.path) > MAX_SIZE) {
				throw malformed("It is larger than 64 KiB", null);
			}
			bytes = Files.readAllBytes(this.path);
		}
		catch (IOException ex) {
			throw malformed("It is not readable", ex);
		}
		// Without the zeros, UTF-16 is recognized as well.
		if (!new String(bytes, StandardCharsets.ISO_8859_1).replace("\0", "").contains(OURS)) {
			return "";
		}
		try {
			String content = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
			return content.startsWith("\uFEFF") ? content.substring(1) : content;
		}
		catch (CharacterCodingException ex) {
			throw malformed("It is not UTF-8", ex);
		}
	}

	private PacerelleConfigurationException malformed(String problem, @Nullable Throwable cause) {
		return new PacerelleConfigurationException("The file " + this.path + " cannot be used. " + problem + ".",
				"Correct or remove the file; the app offers a new one. To read no such file, set 'pacerelle.dotenv' to nothing.",
				cause);
	}

}
