package com.pacerelle.dev;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.lang.model.SourceVersion;

import com.pacerelle.dev.Chat.Change.Entry;
import com.pacerelle.dev.Chat.Change.Participant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What happened in a conversation, as the source of a test in which it happens again.
 */
final class Scene {

	/** A file with a longer text is as long in the test, and has no content. */
	private static final int MAX_FILE_TEXT = 1000;

	/** {@code Map.of} takes ten pairs. */
	private static final int MAX_PAIRS = 10;

	private static final Pattern DATA_DIGEST = Pattern.compile(":[0-9a-f]{32}$");

	private static final Pattern RANDOM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

	private static final Map<String, String> CONDITIONS = Map.of("confirm", "confirm", "choice", "choice", "permission",
			"permission", "form", "form", "progress", "progress", "datetime", "dateTime", "file-picker", "filePicker");

	private final Function<Entry, List<PersonFile>> files;

	private final Map<Participant, String> people = new LinkedHashMap<>();

	private final Map<String, Widget> widgets = new HashMap<>();

	private final Map<Participant, String> readLast = new HashMap<>();

	private final Collection<String> imports = new TreeSet<>();

	private final Collection<String> conditions = new TreeSet<>();

	private final List<String> lines = new ArrayList<>();

	private record Widget(String kind, String condition, JsonNode spec) {
	}

	private Scene(Function<Entry, List<PersonFile>> files) {
		this.files = files;
	}

	/**
	 * Writes the source of a test.
	 * @param participants who takes part, all in the same conversation
	 * @param entries what they and the agent have sent, in its order
	 * @param files the files of an entry
	 * @return the source, without a package
	 */
	static String source(List<Participant> participants, List<Entry> entries, Function<Entry, List<PersonFile>> files) {
		Scene scene = new Scene(files);
		scene.introduce(participants);
		scene.play(entries);
		return scene.source();
	}

	private void introduce(List<Participant> participants) {
		boolean group = participants.get(0).group();
		if (group) {
			this.lines.add("TestPeople group = people.inGroup();");
		}
		Map<String, String> firstDevices = new HashMap<>();
		for (Participant participant : participants) {
			String first = firstDevices.get(participant.userId());
			String name = name(participant.userId() + ((first != null) ? "-" + participant.deviceId() : ""));
			this.people.put(participant, name);
			firstDevices.putIfAbsent(participant.userId(), name);
			this.lines.add(
					"TestPerson " + name + " = "
							+ ((first != null) ? first + ".onDevice(" + literal(String.valueOf(participant.deviceId()))
									: (group ? "group" : "people") + ".person(" + literal(participant.userId()))
							+ ");");
		}
	}

	private String name(String id) {
		String joined = Arrays.stream(id.split("[^\\p{L}\\p{N}]+"))
			.filter((part) -> !part.isEmpty())
			.map((part) -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
			.collect(Collectors.joining());
		String name = joined.isEmpty() ? "" : joined.substring(0, 1).toLowerCase(Locale.ROOT) + joined.substring(1);
		boolean taken = name.equals("people") || name.equals("group") || this.people.containsValue(name);
		return (SourceVersion.isName(name) && !taken) ? name : "person" + (this.people.size() + 1);
	}

	private void play(List<Entry> entries) {
		Map<String, Entry> lastUpdates = new HashMap<>();
		entries.forEach((entry) -> {
			JsonNode content = content(entry.text());
			if (type(content).equals("widget.update") && content.at("/patch/spec/value").isValueNode()) {
				lastUpdates.put(content.path("ref").asString(""), entry);
			}
		});
		for (Entry entry : entries) {
			JsonNode content = content(entry.text());
			if (entry.from().equals("person")) {
				this.lines.add(this.people.get(participant(entry)) + "." + said(participant(entry), entry, content));
			}
			else if (!type(content).equals("widget.update")) {
				receive(entry, content);
			}
			else if (lastUpdates.get(content.path("ref").asString("")) == entry) {
				see(entry, content);
			}
		}
	}

	private String said(Participant participant, Entry entry, JsonNode content) {
		if (type(content).equals("widget.response")) {
			String ref = content.path("ref").asString("");
			Widget widget = this.widgets.get(ref);
			if (widget != null && !ref.equals(this.readLast.put(participant, ref))) {
				this.lines.add(this.people.get(participant) + ".sees(" + widget.condition() + ");");
			}
			return answer((widget != null) ? widget.kind() : "", entry, content) + ";";
		}
		if (content.path("kind").asString("").equals("chat.message")) {
			return "sends(" + literal(content.path("text").asString("")) + ", " + files(entry) + ");";
		}
		return "says(" + literal(entry.text()) + ");";
	}

	private String answer(String kind, Entry entry, JsonNode content) {
		JsonNode value = content.path("value");
		if (content.path("cancelled").asBoolean(false) || value.path("cancelled").asBoolean(false)) {
			return "cancels()";
		}
		return switch (kind) {
			case "confirm", "choice", "form" -> "answers(" + expression(value) + ")";
			case "permission" -> value.path("granted").asBoolean(false) ? "grants(" + scope(value) + ")" : "denies()";
			case "datetime" -> "answers(" + dateTime(value) + ")";
			case "file-picker" -> "answers(" + ((this.files.apply(entry).size() == 1) ? files(entry)
					: imported("java.util.List") + ".of(" + files(entry) + ")") + ")";
			default -> "answersUnchecked(" + expression(value) + ")";
		};
	}

	private String scope(JsonNode value) {
		return imported("com.pacerelle.client.message.PermissionScope") + "."
				+ value.path("scope").asString("").toUpperCase(Locale.ROOT);
	}

	private String dateTime(JsonNode value) {
		String type = switch (value.path("mode").asString("")) {
			case "date" -> "LocalDate";
			case "time" -> "LocalTime";
			default -> "LocalDateTime";
		};
		return imported("java.time." + type) + ".parse(" + expression(value.path("value")) + ")";
	}

	private void receive(Entry entry, JsonNode content) {
		String expected;
		String widget = null;
		if (type(content).equals("widget.standard")) {
			widget = content.path("id").asString("");
			expected = condition(widget, content.path("kind").asString(""), content.path("spec"));
			this.widgets.put(widget, new Widget(content.path("kind").asString(""), expected, content.path("spec")));
		}
		else {
			List<PersonFile> received = this.files.apply(entry);
			boolean message = content.path("kind").asString("").equals("chat.message");
			String text = message ? content.path("text").asString("") : entry.text();
			expected = (text.isEmpty() && !received.isEmpty())
					? condition("file") + literal(received.get(0).name()) + ")"
					: condition("text") + literal(text) + ")";
		}
		for (Participant reader : readers(entry)) {
			this.readLast.put(reader, Objects.requireNonNullElse(widget, ""));
			this.lines.add(this.people.get(reader) + ".receives(" + expected + ");");
		}
	}

	/** Of the updates that change a value only the last one is sure to be seen. */
	private void see(Entry entry, JsonNode content) {
		String ref = content.path("ref").asString("");
		Widget widget = this.widgets.get(ref);
		if (widget != null) {
			String value = expression(content.at("/patch/spec/value"));
			for (Participant reader : readers(entry)) {
				this.readLast.put(reader, ref);
				this.lines
					.add(this.people.get(reader) + ".sees(" + widget.condition() + ".with(\"value\", " + value + "));");
			}
		}
	}

	private Collection<Participant> readers(Entry entry) {
		Participant first = participant(entry);
		return first.group() ? this.people.keySet() : List.of(first);
	}

	private Participant participant(Entry entry) {
		return this.people.keySet()
			.stream()
			.filter((participant) -> participant.id().equals(entry.participant()))
			.findFirst()
			.orElseThrow();
	}

	private String condition(String id, String kind, JsonNode spec) {
		String known = CONDITIONS.get(kind);
		if (RANDOM.matcher(id).find()) {
			return condition("widget") + literal(kind) + ").title(" + expression(spec.path("title")) + ")";
		}
		String given = literal(DATA_DIGEST.matcher(id).replaceFirst(""));
		return (known != null) ? condition(known) + given + ")"
				: condition("widget") + literal(kind) + ", " + given + ")";
	}

	private String condition(String name) {
		this.conditions.add(name);
		return name + "(";
	}

	private String files(Entry entry) {
		return this.files.apply(entry).stream().map(this::file).collect(Collectors.joining(", "));
	}

	private String file(PersonFile file) {
		byte[] content = file.content();
		String text = (content.length <= MAX_FILE_TEXT) ? text(content) : null;
		return imported("com.pacerelle.dev.PersonFile") + ".of(" + literal(file.name()) + ", "
				+ ((text != null)
						? literal(text) + ".getBytes(" + imported("java.nio.charset.StandardCharsets") + ".UTF_8)"
						: "new byte[" + content.length + "]")
				+ ")";
	}

	private static @Nullable String text(byte[] content) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private String expression(JsonNode value) {
		if (value.isString()) {
			return literal(value.stringValue());
		}
		if (value.isArray()) {
			return value.valueStream()
				.map(this::expression)
				.collect(Collectors.joining(", ", imported("java.util.List") + ".of(", ")"));
		}
		if (value.isObject()) {
			List<Map.Entry<String, JsonNode>> pairs = value.propertyStream()
				.filter((pair) -> !pair.getValue().isNull())
				.toList();
			boolean few = pairs.size() <= MAX_PAIRS;
			String map = imported("java.util.Map");
			return pairs.stream()
				.map((pair) -> (few ? "" : "Map.entry(") + literal(pair.getKey()) + ", " + expression(pair.getValue())
						+ (few ? "" : ")"))
				.collect(Collectors.joining(", ", map + (few ? ".of(" : ".ofEntries("), ")"));
		}
		return value.isIntegralNumber() && !value.canConvertToInt() ? value + "L" : value.toString();
	}

	private String imported(String type) {
		this.imports.add(type);
		return type.substring(type.lastIndexOf('.') + 1);
	}

	private static String literal(String text) {
		StringBuilder literal = new StringBuilder("\"");
		text.chars().forEach((character) -> literal.append(switch (character) {
			case '"' -> "\\\"";
			case '\\' -> "\\\\";
			case '\n' -> "\\n";
			case '\r' -> "\\r";
			case '\t' -> "\\t";
			default -> Character.isISOControl(character) ? "\\u%04x".formatted(character) : "" + (char) character;
		}));
		return literal.append('"').toString();
	}

	private static String type(JsonNode content) {
		return content.path("type").asString("");
	}

	/** What is no JSON object is text. */
	private static JsonNode content(String text) {
		try {
			return text.startsWith("{") ? JsonMapper.shared().readTree(text) : MissingNode.getInstance();
		}
		catch (JacksonException ex) {
			return MissingNode.getInstance();
		}
	}

	private String source() {
		this.imports.addAll(List.of("com.pacerelle.test.PacerelleTest", "com.pacerelle.test.TestPeople",
				"com.pacerelle.test.TestPerson", "org.junit.jupiter.api.Test"));
		StringBuilder source = new StringBuilder();
		imports(source, "import java.", true);
		imports(source, "import java.", false);
		source.append("import org.springframework.beans.factory.annotation.Autowired;\n\n");
		this.conditions.forEach((name) -> source.append("import static com.pacerelle.test.PacerelleConditions.")
			.append(name)
			.append(";\n"));
		source
			.append("\n@PacerelleTest\nclass SceneTests {\n\n\t@Test\n\tvoid scene(@Autowired TestPeople people) {\n");
		this.lines.forEach((line) -> source.append("\t\t").append(line).append('\n'));
		return source.append("\t}\n\n}\n").toString();
	}

	private void imports(StringBuilder source, String prefix, boolean matching) {
		List<String> lines = this.imports.stream()
			.map((type) -> "import " + type + ";\n")
			.filter((line) -> line.startsWith(prefix) == matching)
			.toList();
		lines.forEach(source::append);
		source.append(lines.isEmpty() ? "" : "\n");
	}

}
