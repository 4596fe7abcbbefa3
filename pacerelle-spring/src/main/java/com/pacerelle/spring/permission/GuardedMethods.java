package com.pacerelle.spring.permission;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.common.CompositeStringExpression;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.util.ClassUtils;

/**
 * Checks that the methods with {@link RequiresPermission @RequiresPermission} of a class
 * are guarded by a proxy, and that their expressions can be evaluated.
 */
final class GuardedMethods {

	private GuardedMethods() {
	}

	/**
	 * Checks a class.
	 * @param type the class of a bean
	 * @throws InvalidPermissionException if a method cannot be guarded
	 */
	static void check(Class<?> type) {
		Class<?> userType = ClassUtils.getUserClass(type);
		if (!AnnotationUtils.isCandidateClass(userType, RequiresPermission.class)) {
			return;
		}
		List<String> problems = new ArrayList<>();
		Map<Method, RequiresPermission> guarded = MethodIntrospector.selectMethods(userType,
				(Method method) -> AnnotatedElementUtils.findMergedAnnotation(method, RequiresPermission.class));
		guarded.forEach((method, annotation) -> problems(userType, method, annotation)
			.forEach((problem) -> problems.add("The @RequiresPermission method '" + userType.getName() + "."
					+ method.getName() + "' " + problem + ".")));
		if (problems.isEmpty() && !guarded.isEmpty()) {
			SelfCalls.in(userType, guarded.keySet())
				.forEach((caller) -> problems.add("The method '" + userType.getName() + "." + caller
						+ "' calls a @RequiresPermission method of its own bean, so that no proxy can guard it. Put the"
						+ " guarded method into another bean."));
		}
		if (!problems.isEmpty()) {
			throw new InvalidPermissionException(problems);
		}
	}

	private static List<String> problems(Class<?> type, Method method, RequiresPermission annotation) {
		List<String> problems = new ArrayList<>();
		int modifiers = method.getModifiers();
		if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
			problems.add("is private, static or final, so that no proxy can guard it");
		}
		else if (Modifier.isFinal(type.getModifiers())) {
			problems.add("is in a final class, so that no proxy can guard it");
		}
		problems.addAll(problems("resource", annotation.resource(), method));
		problems.addAll(problems("title", annotation.title(), method));
		return problems;
	}

	private static List<String> problems(String attribute, String template, Method method) {
		try {
			Set<String> unknown = new HashSet<>();
			collectVariables(PermissionInterceptor.parse(template), unknown);
			unknown.removeIf((variable) -> isKnown(variable, method));
			return unknown.stream()
				.sorted()
				.map((variable) -> "has a '" + attribute + "' with " + variable + ", but no such parameter")
				.toList();
		}
		catch (ParseException ex) {
			return List.of("has a '" + attribute + "' that is not a valid expression: " + ex.getSimpleMessage());
		}
	}

	private static boolean isKnown(String variable, Method method) {
		@Nullable String[] names = Objects.requireNonNullElseGet(PermissionInterceptor.PARAMETER_NAMES.getParameterNames(method),
				() -> new String[0]);
		String name = variable.substring(1);
		return name.equals("root") || name.equals("this") || Arrays.asList(names).contains(name)
				|| name.matches("[ap][0-9]+") && Integer.parseInt(name.substring(1)) < method.getParameterCount();
	}

	private static void collectVariables(Expression expression, Set<String> variables) {
		if (expression instanceof CompositeStringExpression composite) {
			for (Expression part : composite.getExpressions()) {
				collectVariables(part, variables);
			}
		}
		else if (expression instanceof SpelExpression spel) {
			collectVariables(spel.getAST(), variables);
		}
	}

	private static void collectVariables(SpelNode node, Set<String> variables) {
		if (node instanceof VariableReference variable) {
			variables.add(variable.toStringAST());
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			collectVariables(node.getChild(i), variables);
		}
	}

}
