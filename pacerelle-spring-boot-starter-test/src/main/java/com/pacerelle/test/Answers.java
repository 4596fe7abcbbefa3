package com.pacerelle.test;

import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.pacerelle.dev.PersonFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes over the wire when a person answers a widget (gateway.md section 5.2). An
 * answer that the app could not give is refused, and the right shape named. Whether a
 * value is valid, such as a number in its range, is left to the agent.
 */
final class Answers {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	private Answers() {
	}

	/**
	 * The value of an answer without files.
	 * @param widget what is answered
	 * @param answer how
	 * @return a value of a JSON type
	 * @throws AssertionError if the widget is answered with something else
	 */
	static Object value(Received.Widget widget, Object answer) {
		return switch (widget.kind()) {
			case "confirm" -> (answer instanceof Boolean) ? answer : refuse(widget, answer, "true or false");
			case "choice" -> choice(widget, answer);
			case "form" -> form(widget, answer);
			case "datetime" -> dateTime(widget, answer);
			case "permission" -> refuse(widget, answer, "grants() or denies()");
			case "progress" -> refuse(widget, answer, "cancels() only");
			default -> answer;
		};
	}

	private static Object choice(Received.Widget widget, Object answer) {
		List<String> options = names(widget, "options", "id");
		boolean multi = Boolean.TRUE.equals(widget.spec().get("multi"));
		String shape = multi ? "a List of the ids of its options " + options
				: "the id of one of its options " + options;
		if (!multi) {
			String id = id(answer);
			return (id != null && options.contains(id)) ? id : refuse(widget, answer, shape);
		}
		List<String> ids = new ArrayList<>();
		if (answer instanceof Collection<?> collection) {
			for (Object element : collection) {
				String id = id(element);
				ids.add((id != null && options.contains(id)) ? id : refuse(widget, answer, shape));
			}
			return ids;
		}
		return refuse(widget, answer, shape);
	}

	/** An enum is offered with the names of its constants. */
	private static @Nullable String id(@Nullable Object answer) {
		return (answer instanceof Enum<?> constant) ? constant.name() : (answer instanceof String id) ? id : null;
	}

	private static Object form(Received.Widget widget, Object answer) {
		Map<String, String> types = new LinkedHashMap<>();
		fields(widget, "fields")
			.forEach((field) -> types.put(String.valueOf(field.get("name")), String.valueOf(field.get("type"))));
		Map<?, ?> values = (answer instanceof Record form) ? values(form) : (answer instanceof Map<?, ?> map) ? map
				: refuse(widget, answer, "a Map or a record with the fields " + types);
		values.forEach((name, value) -> {
			if (!fits(types.get(String.valueOf(name)), value)) {
				throw refused(widget, "'" + name + "': " + described(value),
						"a Map or a record with the fields " + types);
			}
		});
		return MAPPER.convertValue(values, Map.class);
	}

	private static boolean fits(@Nullable String type, @Nullable Object value) {
		if (type == null) {
			return false;
		}
		return value == null || switch (type) {
			case "number" -> value instanceof Number;
			case "checkbox" -> value instanceof Boolean;
			default -> value instanceof String || value instanceof Enum<?> || value instanceof Temporal;
		};
	}

	private static Map<String, @Nullable Object> values(Record form) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		try {
			for (RecordComponent component : form.getClass().getRecordComponents()) {
				component.getAccessor().setAccessible(true);
				values.put(component.getName(), component.getAccessor().invoke(form));
			}
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException("The form cannot be read", ex);
		}
		return values;
	}

	private static Object dateTime(Received.Widget widget, Object answer) {
		String mode = String.valueOf(widget.spec().get("mode"));
		String value = switch (mode) {
			case "date" -> (answer instanceof LocalDate date) ? date.toString() : null;
			case "time" -> (answer instanceof LocalTime time) ? DateTimeFormatter.ISO_LOCAL_TIME.format(time) : null;
			default -> (answer instanceof LocalDateTime dateTime)
					? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(dateTime) : null;
		};
		return (value != null) ? pair("mode", mode, "value", value) : refuse(widget, answer, switch (mode) {
			case "date" -> "a LocalDate";
			case "time" -> "a LocalTime";
			default -> "a LocalDateTime";
		});
	}

	/**
	 * The value that grants a permission.
	 * @param widget the permission
	 * @param scope for how long, as it is called on the wire, or {@code null} for the
	 * first that is offered
	 * @return the value
	 * @throws AssertionError if the widget is none, or does not offer the scope
	 */
	static Object grant(Received.Widget widget, @Nullable String scope) {
		requireKind(widget, "permission", "grants()");
		List<?> offered = (widget.spec().get("scopes") instanceof List<?> scopes) ? scopes : List.of("once", "session");
		Object granted = (scope != null) ? scope : offered.get(0);
		if (!offered.contains(granted)) {
			throw new AssertionError("The " + widget + " does not offer the scope " + granted + ", but " + offered);
		}
		return pair("granted", true, "scope", granted);
	}

	/**
	 * In the order of the app: what a handler shows of an answer is the same each time.
	 */
	private static Map<String, Object> pair(String first, Object firstValue, String second, Object secondValue) {
		Map<String, Object> pair = new LinkedHashMap<>();
		pair.put(first, firstValue);
		pair.put(second, secondValue);
		return pair;
	}

	static Object deny(Received.Widget widget) {
		requireKind(widget, "permission", "denies()");
		return Map.of("granted", false);
	}

	/**
	 * The files of an answer to a file picker.
	 * @param widget the file picker
	 * @param answer the answer
	 * @return the files
	 * @throws AssertionError if the answer is something else
	 */
	static List<PersonFile> files(Received.Widget widget, Object answer) {
		List<PersonFile> files = new ArrayList<>();
		for (Object element : (answer instanceof Collection<?> collection) ? collection : List.of(answer)) {
			files.add((element instanceof PersonFile file) ? file
					: refuse(widget, answer, "a PersonFile or a List of them"));
		}
		return files;
	}

	private static void requireKind(Received.Widget widget, String kind, String answer) {
		if (!widget.kind().equals(kind)) {
			throw new AssertionError("The " + widget + " is not answered with " + answer);
		}
	}

	private static List<String> names(Received.Widget widget, String list, String name) {
		return fields(widget, list).stream().map((field) -> String.valueOf(field.get(name))).toList();
	}

	private static List<Map<?, ?>> fields(Received.Widget widget, String list) {
		List<Map<?, ?>> fields = new ArrayList<>();
		if (widget.spec().get(list) instanceof List<?> elements) {
			elements.forEach((element) -> fields.add((Map<?, ?>) element));
		}
		return fields;
	}

	private static <T> T refuse(Received.Widget widget, Object answer, String shape) {
		throw refused(widget, described(answer), shape);
	}

	private static AssertionError refused(Received.Widget widget, String answer, String shape) {
		return new AssertionError(
				"The %s '%s' is answered with %s, not with %s".formatted(widget.kind(), widget.id(), shape, answer));
	}

	private static String described(@Nullable Object value) {
		return (value != null) ? value + " (" + value.getClass().getSimpleName() + ")" : "null";
	}

}
