package com.pacerelle.spring.handler;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import org.springframework.core.KotlinDetector;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

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

	private final @Nullable BeanValidation validation;

	private final Words words;

	AnswerConverter(JsonMapper json, @Nullable BeanValidation validation, Words words) {
		this.json = json.rebuild()
			.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
			.addModule(new SimpleModule("checkboxes").addDeserializer(boolean.class, new CheckboxDeserializer()))
			.build();
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
		Object result;
		try {
			result = this.json.<Object>convertValue(value, this.json.constructType(type.getType()));
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

	private String message(String ref, JacksonException failure, Map<String, String> labels) {
		return failure.getPath()
			.stream()
			.map(JacksonException.Reference::getPropertyName)
			.filter((name) -> name != null)
			.findFirst()
			.map((name) -> this.words.of("pacerelle.answer.field", labels.getOrDefault(name, name)))
			.orElseGet(() -> this.words.of("pacerelle.answer.invalid", ref));
	}

	JsonMapper json() {
		return this.json;
	}

}
