package com.pacerelle.spring.handler;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Converts answers to Java types, without knowing the widget that asked. The case of enum
 * constants and the format of numbers are lenient, but a boolean is only read from a
 * boolean.
 */
final class AnswerConverter {

	/** Types for which one kind of widget knows all there is to know. */
	private static final Map<Class<?>, Question<?>> QUESTIONS = Map.of(Boolean.class, Confirm.of("?"), LocalDate.class,
			DateTime.date("?"), LocalTime.class, DateTime.time("?"), LocalDateTime.class, DateTime.dateTime("?"),
			PermissionDecision.class, Permission.of("?"));

	private static final Set<Class<?>> COLLECTIONS = Set.of(List.class, Set.class, Collection.class);

	private final JsonMapper json;

	/** Reads one property of a record. */
	private final JsonMapper single;

	private final Labels labels;

	private final @Nullable BeanValidation validation;

	private final Words words;

	AnswerConverter(JsonMapper json, @Nullable BeanValidation validation, Words words) {
		this.json = json.rebuild()
			.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
			.addModule(new SimpleModule("checkboxes").addDeserializer(boolean.class, new CheckboxDeserializer()))
			.build();
		this.single = this.json.rebuild()
			.disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
					DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
			.build();
		this.labels = new Labels(this.json);
		this.validation = validation;
		this.words = words;
	}

	/**
	 * Whether answers can be read as a type.
	 * @param type the type
	 * @return whether they can
	 */
	boolean supports(ResolvableType type) {
		Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(type.toClass());
		if (COLLECTIONS.contains(raw)) {
			return isOption(type.asCollection().getGeneric().toClass());
		}
		return QUESTIONS.containsKey(raw) || isOption(raw) || isForm(raw);
	}

	private static boolean isOption(Class<?> type) {
		return type == String.class || type.isEnum();
	}

	private static boolean isForm(Class<?> type) {
		return type == Map.class || type.isRecord() || KotlinDetector.isKotlinType(type);
	}

	/**
	 * The id of the widget that a message answers.
	 * @param answer a message with a widget response
	 * @return the id
	 */
	static String ref(AgentMessage answer) {
		return response(answer).ref();
	}

	static boolean hasFields(AgentMessage answer) {
		return response(answer).value() instanceof Map;
	}

	private static WidgetResponse response(AgentMessage answer) {
		WidgetResponse response = answer.widgetResponse();
		Assert.notNull(response, "'answer' must have a widget response");
		return response;
	}

	/**
	 * Reads the answer.
	 * @param answer a message with a widget response that is not cancelled
	 * @param type a type that is supported
	 * @return the value, of that type
	 * @throws InvalidAnswerException if the value does not fit or violates a constraint
	 */
	Object read(AgentMessage answer, ResolvableType type) {
		Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(type.toClass());
		Question<?> question = QUESTIONS.get(raw);
		if (question != null) {
			return question.read(answer);
		}
		WidgetResponse response = response(answer);
		if (!valueType(raw).isInstance(response.value())) {
			throw new InvalidAnswerException(response.ref(),
					List.of(this.words.of("pacerelle.answer.invalid", response.ref())));
		}
		return convert(response.ref(), response.value(), type, Map.of());
	}

	private static Class<?> valueType(Class<?> type) {
		if (COLLECTIONS.contains(type)) {
			return Collection.class;
		}
		return isOption(type) ? String.class : Map.class;
	}

	/**
	 * Converts a value and validates the result.
	 * @param ref the id of the widget
	 * @param value the value
	 * @param type the type of the result
	 * @param labels what people call its properties, by their names
	 * @return the result
	 * @throws InvalidAnswerException if the value does not fit or violates a constraint
	 */
	Object convert(String ref, @Nullable Object value, ResolvableType type, Map<String, String> labels) {
		Object given = value;
		if (value instanceof Map<?, ?> map && type.toClass().isRecord()) {
			Map<String, Object> values = new LinkedHashMap<>();
			map.forEach((name, element) -> values.put(String.valueOf(name), element));
			Map<String, List<String>> problems = new LinkedHashMap<>();
			check(type.toClass(), values, labels, problems);
			if (!problems.isEmpty()) {
				throw new InvalidAnswerException(ref, problems.values().stream().flatMap(List::stream).toList());
			}
			given = values;
		}
		Object result;
		try {
			result = this.json.<Object>convertValue(given, this.json.constructType(type.getType()));
		}
		catch (JacksonException ex) {
			// Not kept as a cause: its message quotes the value.
			throw new InvalidAnswerException(ref, List.of(message(ref, ex, labels)));
		}
		if (this.validation != null && isForm(type.toClass())) {
			List<String> violations = this.validation.validate(result, labels);
			if (!violations.isEmpty()) {
				throw new InvalidAnswerException(ref, violations);
			}
		}
		return result;
	}

	/**
	 * Finds what is wrong with the values of a record, each on its own, so that a person
	 * is told everything at once.
	 * @param type the record
	 * @param values the values by their names in JSON; a text for several values becomes
	 * a list
	 * @param labels what people call them, by their names
	 * @param problems what is known to be wrong by the names in JSON, to which more is
	 * added
	 */
	void check(Class<?> type, Map<String, Object> values, Map<String, String> labels,
			Map<String, List<String>> problems) {
		Map<String, String> names = this.labels.namesOf(type);
		for (RecordComponent component : type.getRecordComponents()) {
			String name = names.getOrDefault(component.getName(), component.getName());
			if (problems.containsKey(name)) {
				continue;
			}
			if (Collection.class.isAssignableFrom(component.getType()) && values.get(name) instanceof String text) {
				values.put(name,
						Stream.of(text.split(",")).map(String::strip).filter((part) -> !part.isEmpty()).toList());
			}
			List<String> found = check(type, component, name, values.get(name), labels.getOrDefault(name, name));
			if (!found.isEmpty()) {
				problems.put(name, found);
			}
		}
	}

	private List<String> check(Class<?> type, RecordComponent component, String name, @Nullable Object value,
			String label) {
		if (value == null && component.getType().isPrimitive() && component.getType() != boolean.class) {
			return List.of(this.words.of("pacerelle.answer.field", label));
		}
		Object record;
		try {
			record = this.single.convertValue(Collections.singletonMap(name, value), type);
		}
		catch (JacksonException ex) {
			// The record may refuse what it lacks here.
			return properties(ex).anyMatch(name::equals) ? List.of(invalid(component, label)) : List.of();
		}
		Object converted = ReflectionUtils.invokeMethod(accessor(component), record);
		return (this.validation != null) ? this.validation.validate(type, component.getName(), converted, label)
				: List.of();
	}

	private static Method accessor(RecordComponent component) {
		Method accessor = component.getAccessor();
		ReflectionUtils.makeAccessible(accessor);
		return accessor;
	}

	private String invalid(RecordComponent component, String label) {
		String hint = this.labels.hintFor(component);
		if (hint.isEmpty()) {
			return this.words.of("pacerelle.answer.field", label);
		}
		ResolvableType type = ResolvableType.forType(component.getGenericType());
		Class<?> single = Collection.class.isAssignableFrom(type.toClass()) ? type.asCollection().getGeneric().toClass()
				: type.toClass();
		return single.isEnum()
				? this.words.withHint("pacerelle.answer.option", label, String.join(", ", this.labels.options(single)))
				: this.words.withHint("pacerelle.answer.format", label, hint);
	}

	private static Stream<String> properties(JacksonException failure) {
		return failure.getPath()
			.stream()
			.map(JacksonException.Reference::getPropertyName)
			.filter((name) -> name != null)
			.limit(1);
	}

	private String message(String ref, JacksonException failure, Map<String, String> labels) {
		return properties(failure).findFirst()
			.map((name) -> this.words.of("pacerelle.answer.field", labels.getOrDefault(name, name)))
			.orElseGet(() -> this.words.of("pacerelle.answer.invalid", ref));
	}

	Labels labels() {
		return this.labels;
	}

	JsonMapper json() {
		return this.json;
	}

}
