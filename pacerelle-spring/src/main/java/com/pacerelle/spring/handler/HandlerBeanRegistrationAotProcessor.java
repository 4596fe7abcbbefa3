package com.pacerelle.spring.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * What a native image has to know about handler methods: that they are called, and the
 * types that answers, {@link Argument arguments} and {@link WidgetData data of questions}
 * are read as, with the components of records and the constants of enums.
 */
class HandlerBeanRegistrationAotProcessor implements BeanRegistrationAotProcessor {

	private static final String OF_THE_FRAMEWORK = "com.pacerelle.client.";

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		Set<Method> methods = MethodIntrospector.selectMethods(registeredBean.getBeanClass(),
				(Method method) -> AnnotatedElementUtils.hasAnnotation(method, PacerelleHandler.class)
						|| AnnotatedElementUtils.hasAnnotation(method, PacerelleExceptionHandler.class));
		return methods.isEmpty() ? null : new Contribution(registeredBean.getBeanClass(), methods);
	}

	private record Contribution(Class<?> beanType, Set<Method> methods) implements BeanRegistrationAotContribution {

		private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

		@Override
		public void applyTo(GenerationContext generationContext, BeanRegistrationCode beanRegistrationCode) {
			ReflectionHints reflection = generationContext.getRuntimeHints().reflection();
			for (Method method : this.methods) {
				reflection.registerMethod(method, ExecutableMode.INVOKE);
				for (int i = 0; i < method.getParameterCount(); i++) {
					MethodParameter parameter = new MethodParameter(method, i).withContainingClass(this.beanType);
					read(ResolvableType.forMethodParameter(parameter))
						.forEach((type) -> BINDING.registerReflectionHints(reflection, type));
				}
			}
		}

		/** A type and those that it is made of, without those that need no hint. */
		private static List<Class<?>> read(ResolvableType type) {
			List<Class<?>> types = new ArrayList<>();
			Class<?> raw = type.isArray() ? type.getComponentType().toClass() : type.toClass();
			if (!raw.isPrimitive() && !raw.getName().startsWith("java.")
					&& !raw.getName().startsWith(OF_THE_FRAMEWORK)) {
				types.add(raw);
			}
			for (ResolvableType generic : type.getGenerics()) {
				types.addAll(read(generic));
			}
			return types;
		}

	}

}
