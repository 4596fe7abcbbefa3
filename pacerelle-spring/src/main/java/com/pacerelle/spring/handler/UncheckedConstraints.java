package com.pacerelle.spring.handler;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.util.Assert;

/**
 * Constraints of Jakarta Validation in an application without a {@code Validator}: they
 * are refused, because nothing would check them. The annotations are known by their
 * names, as the API may be absent.
 */
final class UncheckedConstraints {

	private static final String CONSTRAINT = "jakarta.validation.Constraint";

	private static final String VALID = "jakarta.validation.Valid";

	private static final String NOT_CHECKED = ", but no Validator checks them. Add one, as the dependency"
			+ " 'spring-boot-starter-validation' of Spring Boot does, or make one of several the primary bean";

	private UncheckedConstraints() {
	}

	/**
	 * Refuses a method that has constraints on its parameters.
	 * @param method the method
	 * @throws IllegalArgumentException if it has some
	 */
	static void refuse(HandlerMethod method) {
		List<String> constrained = method.parameters()
			.stream()
			.filter(UncheckedConstraints::areOn)
			.map((parameter) -> "'" + parameter.getParameterName() + "'")
			.toList();
		Assert.isTrue(constrained.isEmpty(),
				() -> "has constraints on parameter " + String.join(", ", constrained) + NOT_CHECKED);
	}

	/**
	 * Refuses a record that has constraints.
	 * @param type the record
	 * @throws IllegalArgumentException if it has some
	 */
	static void refuse(Class<?> type) {
		boolean constrained = areOn(type)
				|| Stream.of(type.getDeclaredFields())
					.anyMatch((field) -> areOn(field) || areOn(field.getAnnotatedType()))
				|| Stream.of(type.getDeclaredMethods()).anyMatch(UncheckedConstraints::areOn);
		Assert.isTrue(!constrained, () -> type.getName() + " has constraints" + NOT_CHECKED);
	}

	private static boolean areOn(MethodParameter parameter) {
		return areIn(MergedAnnotations.from(parameter.getParameterAnnotations()))
				|| areOn(parameter.getParameter().getAnnotatedType());
	}

	private static boolean areOn(AnnotatedElement element) {
		return areIn(MergedAnnotations.from(element));
	}

	private static boolean areOn(AnnotatedType type) {
		if (type instanceof AnnotatedParameterizedType parameterized) {
			return areOn((AnnotatedElement) type) || Stream.of(parameterized.getAnnotatedActualTypeArguments())
				.anyMatch((argument) -> areOn(argument));
		}
		return areOn((AnnotatedElement) type)
				|| (type instanceof AnnotatedArrayType array && areOn(array.getAnnotatedGenericComponentType()));
	}

	private static boolean areIn(MergedAnnotations annotations) {
		return annotations.isPresent(CONSTRAINT) || annotations.isPresent(VALID);
	}

}
