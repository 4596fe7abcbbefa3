package com.pacerelle.spring.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.message.FormField;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.ConstraintDescriptor;
import jakarta.validation.metadata.PropertyDescriptor;

import org.springframework.util.ClassUtils;

/**
 * What constraints of Jakarta Validation say about the field of a form, so that the app
 * can tell it before the answer is sent.
 */
final class Constraints {

	private static final int LINE_LENGTH = 255;

	private static final Set<Class<?>> INTEGERS = Set.of(Byte.class, Short.class, Integer.class, Long.class);

	private Constraints() {
	}

	/**
	 * Applies the constraints of a component to its field.
	 * @param record the constraints of the record
	 * @param component the component
	 * @param field its field
	 * @return the field
	 */
	static FormField apply(BeanDescriptor record, RecordComponent component, FormField field) {
		PropertyDescriptor property = record.getConstraintsForProperty(component.getName());
		if (property == null) {
			return field;
		}
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(component.getType());
		FormField result = field;
		for (Annotation constraint : property.getConstraintDescriptors()
			.stream()
			.flatMap(Constraints::withComposing)
			.map(ConstraintDescriptor::getAnnotation)
			.toList()) {
			result = apply(constraint, type, result);
		}
		return result;
	}

	private static Stream<ConstraintDescriptor<?>> withComposing(ConstraintDescriptor<?> constraint) {
		return Stream.concat(Stream.of(constraint),
				constraint.getComposingConstraints().stream().flatMap(Constraints::withComposing));
	}

	private static FormField apply(Annotation constraint, Class<?> type, FormField field) {
		if (field.type() == FormField.Type.NUMBER) {
			return number(constraint, type, field);
		}
		if (field.type() == FormField.Type.CHECKBOX) {
			return (constraint instanceof AssertTrue) ? field.required() : field;
		}
		if (constraint instanceof Email) {
			return ofType(field, FormField.Type.EMAIL);
		}
		if (constraint instanceof Size size && size.max() > LINE_LENGTH && size.max() < Integer.MAX_VALUE) {
			return ofType(field, FormField.Type.TEXTAREA);
		}
		return isRequired(constraint) ? field.required() : field;
	}

	private static FormField number(Annotation constraint, Class<?> type, FormField field) {
		if (constraint instanceof Min min) {
			return field.min(min.value());
		}
		if (constraint instanceof Max max) {
			return field.max(max.value());
		}
		if (constraint instanceof DecimalMin min && min.inclusive()) {
			return field.min(new BigDecimal(min.value()));
		}
		if (constraint instanceof DecimalMax max && max.inclusive()) {
			return field.max(new BigDecimal(max.value()));
		}
		if (constraint instanceof PositiveOrZero) {
			return field.min(0);
		}
		if (constraint instanceof Positive) {
			return INTEGERS.contains(type) ? field.min(1) : field.min(0);
		}
		return isRequired(constraint) ? field.required() : field;
	}

	private static boolean isRequired(Annotation constraint) {
		return constraint instanceof NotNull || constraint instanceof NotBlank || constraint instanceof NotEmpty;
	}

	private static FormField ofType(FormField field, FormField.Type type) {
		return new FormField(field.name(), field.label(), type, field.isRequired(), null, null);
	}

}
