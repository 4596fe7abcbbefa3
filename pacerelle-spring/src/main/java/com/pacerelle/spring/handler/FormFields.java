package com.pacerelle.spring.handler;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import com.pacerelle.client.message.FormField;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Makes the components of records into fields of forms.
 */
final class FormFields {

	private final Labels labels;

	private final @Nullable BeanValidation validation;

	FormFields(Labels labels, @Nullable BeanValidation validation) {
		this.labels = labels;
		this.validation = validation;
	}

	/**
	 * The fields for a record.
	 * @param type the record
	 * @return a field for each component
	 * @throws IllegalArgumentException if there is none for a component
	 */
	List<FormField> of(Class<? extends Record> type) {
		Map<String, String> names = this.labels.namesOf(type);
		List<FormField> fields = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			FormField field = field(names.getOrDefault(component.getName(), component.getName()), component);
			if (component.getType().isPrimitive() && field.type() == FormField.Type.NUMBER) {
				field = field.required();
			}
			fields.add((this.validation != null)
					? Constraints.apply(this.validation.constraintsOf(type), component, field) : field);
		}
		return fields;
	}

	private FormField field(String name, RecordComponent component) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(component.getType());
		String label = this.labels.of(component);
		if (type == String.class) {
			return FormField.text(name, label);
		}
		if (type == Boolean.class) {
			return FormField.checkbox(name, label);
		}
		if (Number.class.isAssignableFrom(type)) {
			return FormField.number(name, label);
		}
		if (type.isEnum()) {
			return FormField.text(name, label + " (" + constants(type) + ")");
		}
		throw new IllegalArgumentException("A form has no field for component '" + component.getName() + "' of "
				+ component.getDeclaringRecord().getName() + ", but for String, numbers, boolean and enums");
	}

	private static String constants(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
			.collect(Collectors.joining(", "));
	}

}
