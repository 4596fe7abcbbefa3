package com.pacerelle.spring.handler;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * What people read instead of the names in the code.
 */
final class Labels {

	private static final Map<Class<?>, String> FORMATS = Map.of(LocalDate.class, "YYYY-MM-DD", LocalTime.class, "HH:MM",
			LocalDateTime.class, "YYYY-MM-DDTHH:MM");

	private final JsonMapper json;

	Labels(JsonMapper json) {
		this.json = json;
	}

	/**
	 * The name of each component of a record in JSON.
	 * @param type the record
	 * @return the names, by the names of the components
	 */
	Map<String, String> namesOf(Class<?> type) {
		DeserializationConfig config = this.json.deserializationConfig();
		ClassIntrospector introspector = config.classIntrospectorInstance();
		JavaType javaType = this.json.constructType(type);
		return introspector.introspectForDeserialization(javaType, introspector.introspectClassAnnotations(javaType))
			.findProperties()
			.stream()
			.collect(Collectors.toMap(BeanPropertyDefinition::getInternalName, BeanPropertyDefinition::getName));
	}

	/**
	 * The labels of the components of a record.
	 * @param type the record
	 * @return the labels, by the names in the code and in JSON
	 */
	Map<String, String> ofProperties(Class<?> type) {
		Map<String, String> names = namesOf(type);
		Map<String, String> labels = new LinkedHashMap<>();
		for (RecordComponent component : type.getRecordComponents()) {
			labels.put(component.getName(), of(component));
			labels.put(names.getOrDefault(component.getName(), component.getName()), of(component));
		}
		return labels;
	}

	String of(RecordComponent component) {
		return label(component.getAccessor(), StringUtils.uncapitalize(component.getName()));
	}

	String of(Enum<?> constant) {
		return label(ReflectionUtils.findField(constant.getDeclaringClass(), constant.name()),
				constant.name().toLowerCase(Locale.ROOT));
	}

	/**
	 * What a text for a component looks like, where its type does not say so.
	 * @param component the component
	 * @return such as the options, or empty if there is nothing to say
	 */
	String hintFor(RecordComponent component) {
		ResolvableType type = ResolvableType.forType(component.getGenericType());
		boolean several = Collection.class.isAssignableFrom(type.toClass());
		Class<?> single = several ? type.asCollection().getGeneric().toClass() : type.toClass();
		String hint = single.isEnum() ? String.join(", ", options(single)) : FORMATS.getOrDefault(single, "");
		return several ? (hint.isEmpty() ? "" : hint + "; ") + "separated by commas" : hint;
	}

	/**
	 * What people write for the constants of an enum.
	 * @param type the enum
	 * @return the names in JSON, those of the code in lower case
	 */
	List<String> options(Class<?> type) {
		List<String> options = new ArrayList<>();
		for (Object constant : type.getEnumConstants()) {
			String name = ((Enum<?>) constant).name();
			String option = this.json.convertValue(constant, String.class);
			options.add(option.equals(name) ? name.toLowerCase(Locale.ROOT) : option);
		}
		return options;
	}

	private static String label(@Nullable AnnotatedElement element, String name) {
		JsonPropertyDescription description = (element != null) ? element.getAnnotation(JsonPropertyDescription.class)
				: null;
		return (description != null) ? description.value() : inWords(name);
	}

	private static String inWords(String name) {
		String words = name.replace('_', ' ').replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ");
		return StringUtils.capitalize(words.toLowerCase(Locale.ROOT));
	}

}
