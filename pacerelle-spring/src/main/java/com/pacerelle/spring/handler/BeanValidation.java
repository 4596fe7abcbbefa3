package com.pacerelle.spring.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.validation.Validator;
import jakarta.validation.metadata.BeanDescriptor;
import jakarta.validation.metadata.MethodDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Jakarta Validation of records and arguments, if it is on the class path.
 */
final class BeanValidation {

	private final Validator validator;

	BeanValidation(Validator validator) {
		this.validator = validator;
	}

	/**
	 * The validation by the validator of the application.
	 * @param beanFactory the application's beans
	 * @return the validation, or {@code null} if there is no validator
	 */
	static @Nullable BeanValidation of(BeanFactory beanFactory) {
		if (!ClassUtils.isPresent("jakarta.validation.Validator", BeanValidation.class.getClassLoader())) {
			return null;
		}
		Validator validator = beanFactory.getBeanProvider(Validator.class).getIfUnique();
		return (validator != null) ? new BeanValidation(validator) : null;
	}

	/**
	 * Validates a bean.
	 * @param bean the bean
	 * @param labels what people call its properties, by their names
	 * @return what is wrong, sorted, each with its property
	 */
	List<String> validate(Object bean, Map<String, String> labels) {
		return this.validator.validate(bean).stream().map((violation) -> {
			String property = violation.getPropertyPath().toString();
			return message(labels.getOrDefault(property, property), violation);
		}).sorted().toList();
	}

	/**
	 * Validates one property.
	 * @param type the type of the bean
	 * @param property the name of the property
	 * @param value its value
	 * @param label what people call it
	 * @return what is wrong, sorted
	 */
	List<String> validate(Class<?> type, String property, @Nullable Object value, String label) {
		return this.validator.validateValue(type, property, value)
			.stream()
			.map((violation) -> message(label, violation))
			.sorted()
			.toList();
	}

	/**
	 * Validates the arguments of a method.
	 * @param bean the bean that it is called on
	 * @param method the method
	 * @param arguments its arguments
	 * @return what is wrong, by the indexes of the parameters
	 */
	Map<Integer, List<String>> validate(Object bean, Method method, @Nullable Object[] arguments) {
		Map<Integer, List<String>> messages = new LinkedHashMap<>();
		for (ConstraintViolation<Object> violation : violations(bean, method, arguments)) {
			int index = 0;
			StringBuilder property = new StringBuilder();
			for (Path.Node node : violation.getPropertyPath()) {
				if (node.getKind() == ElementKind.PARAMETER) {
					index = node.as(Path.ParameterNode.class).getParameterIndex();
				}
				else if (node.getKind() == ElementKind.PROPERTY) {
					property.append(property.isEmpty() ? "" : ".").append(node.getName());
				}
			}
			messages.computeIfAbsent(index, (key) -> new ArrayList<>()).add(message(property.toString(), violation));
		}
		messages.values().forEach((list) -> list.sort(null));
		return messages;
	}

	private Set<ConstraintViolation<Object>> violations(Object bean, Method method, @Nullable Object[] arguments) {
		return this.validator.forExecutables().validateParameters(bean, method, arguments);
	}

	/**
	 * Whether there is anything to validate in the arguments of a method.
	 * @param method the method
	 * @return whether there is
	 */
	boolean constrains(HandlerMethod method) {
		MethodDescriptor descriptor = constraintsOf(method.beanType())
			.getConstraintsForMethod(method.getMethod().getName(), method.getMethod().getParameterTypes());
		return descriptor != null && descriptor.hasConstrainedParameters();
	}

	/**
	 * What is known about the constraints of a bean.
	 * @param type the bean's type
	 * @return the description
	 */
	BeanDescriptor constraintsOf(Class<?> type) {
		return this.validator.getConstraintsForClass(type);
	}

	private static String message(String property, ConstraintViolation<?> violation) {
		return property.isEmpty() ? violation.getMessage() : property + " " + violation.getMessage();
	}

}
