package com.pacerelle.spring.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.log.LogMessage;

/**
 * Finds annotated methods of beans, without creating lazy beans.
 */
final class HandlerScan {

	private static final Log logger = LogFactory.getLog(HandlerScan.class);

	private final ConfigurableListableBeanFactory beanFactory;

	HandlerScan(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Detects the methods of all beans.
	 * @param annotation what the methods are annotated with
	 * @param found receives the methods
	 */
	void forEach(Class<? extends Annotation> annotation, Consumer<HandlerMethod> found) {
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = ScopedProxyUtils.isScopedTarget(beanName) ? null : targetType(beanName);
			if (type != null && AnnotationUtils.isCandidateClass(type, List.of(annotation))) {
				for (Method method : methods(type, annotation)) {
					found.accept(new HandlerMethod(this.beanFactory, beanName, type, method));
				}
			}
		}
	}

	private @Nullable Class<?> targetType(String beanName) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
			return (type != null && ScopedObject.class.isAssignableFrom(type)) ? AutoProxyUtils
				.determineTargetClass(this.beanFactory, ScopedProxyUtils.getTargetBeanName(beanName)) : type;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug(LogMessage.format("Could not determine the type of bean '%s'", beanName), ex);
			return null;
		}
	}

	private static Set<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
		try {
			return MethodIntrospector.selectMethods(type,
					(Method method) -> AnnotatedElementUtils.hasAnnotation(method, annotation));
		}
		catch (RuntimeException | LinkageError ex) {
			// A signature names a type that is not on the class path.
			logger.debug(LogMessage.format("Could not resolve the methods of %s", type), ex);
			return Set.of();
		}
	}

}
