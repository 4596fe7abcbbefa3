package com.pacerelle.spring.handler;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.PermissionDecision;
import com.pacerelle.client.message.Question;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/**
 * Makes the components of records into fields of forms.
 */
final class FormFields {

	private static final String ALLOWED = "String, numbers, boolean, enums, LocalDate, LocalTime, LocalDateTime, and a "
			+ "List or Set of String or enums";

	private static final Set<Class<?>> TEXTS = Set.of(String.class, LocalDate.class, LocalTime.class,
			LocalDateTime.class);

	private static final Set<Class<?>> COLLECTIONS = Set.of(List.class, Set.class, Collection.class);

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
	 * @throws IllegalArgumentException if there is none for a component, or if nothing
	 * checks its constraints
	 */
	List<FormField> of(Class<? extends Record> type) {
		checkConstraints(type);
		Map<String, String> names = this.labels.namesOf(type);
		List<FormField> fields = new ArrayList<>();
		List<String> others = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			FormField field = field(names.getOrDefault(component.getName(), component.getName()), component);
			if (field == null) {
				others.add("'" + component.getName() + "'");
				continue;
			}
			if (component.getType().isPrimitive() && field.type() == FormField.Type.NUMBER) {
				field = field.required();
			}
			fields.add((this.validation != null)
					? Constraints.apply(this.validation.constraintsOf(type), component, field) : field);
		}
		Assert.isTrue(others.isEmpty(), () -> "A form has no field for component " + String.join(", ", others) + " of "
				+ type.getName() + ", but for " + ALLOWED);
		return fields;
	}

	private @Nullable FormField field(String name, RecordComponent component) {
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(component.getType());
		String label = this.labels.of(component);
		if (type == Boolean.class) {
			return FormField.checkbox(name, label);
		}
		if (Number.class.isAssignableFrom(type)) {
			return FormField.number(name, label);
		}
		if (isText(type) || (COLLECTIONS.contains(type)
				&& isText(ResolvableType.forType(component.getGenericType()).asCollection().getGeneric().toClass()))) {
			String hint = this.labels.hintFor(component);
			return FormField.text(name, hint.isEmpty() ? label : label + " (" + hint + ")");
		}
		return null;
	}

	private static boolean isText(Class<?> type) {
		return type.isEnum() || TEXTS.contains(type);
	}

	/**
	 * Checks the questions that a method returns.
	 * @param type what it returns
	 * @throws IllegalArgumentException if one is a form that cannot be asked
	 */
	void checkResult(ResolvableType type) {
		Class<?> asked = type.as(Question.class).getGeneric().toClass();
		if (isForm(asked)) {
			try {
				of(asked.asSubclass(Record.class));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException("returns a question that cannot be asked. " + ex.getMessage(), ex);
			}
		}
		if (type.getType() instanceof ParameterizedType) {
			Stream.of(type.getGenerics()).forEach(this::checkResult);
		}
	}

	/**
	 * Checks the record that a method takes as the answer to a form.
	 * @param type the parameter's type
	 * @throws IllegalArgumentException if it has components that no answer has, or if
	 * nothing checks its constraints
	 */
	void checkAnswer(ResolvableType type) {
		if (isForm(type.toClass())) {
			List<String> files = Stream.of(type.toClass().getRecordComponents())
				.filter((component) -> Attachments.supports(ResolvableType.forType(component.getGenericType())))
				.map((component) -> "'" + component.getName() + "'")
				.toList();
			Assert.isTrue(files.isEmpty(),
					() -> "takes the answer as " + type.toClass().getName() + " with the component "
							+ String.join(", ", files)
							+ ", but forms have no files. Ask for a file with a question of its own");
			checkConstraints(type.toClass());
		}
	}

	private void checkConstraints(Class<?> type) {
		if (this.validation == null) {
			UncheckedConstraints.refuse(type);
		}
	}

	private static boolean isForm(Class<?> type) {
		return type.isRecord() && type != PermissionDecision.class && type != AgentAttachment.class;
	}

}
