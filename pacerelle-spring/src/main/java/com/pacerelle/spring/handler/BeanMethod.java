package com.pacerelle.spring.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.CoroutinesUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * A method that is called on its bean. The bean is looked up at each call: that leaves
 * lazy beans alone until there is a message, and gives prototypes and scopes their
 * meaning.
 */
final class BeanMethod {

	private static final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Class<?> targetType;

	private final Method method;

	private final boolean suspending;

	/**
	 * Creates the method.
	 * @param beanFactory where its bean is
	 * @param beanName the bean to call it on, maybe a proxy
	 * @param targetType the class of the bean behind any proxy
	 * @param method the method of that class
	 */
	BeanMethod(BeanFactory beanFactory, String beanName, Class<?> targetType, Method method) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.targetType = targetType;
		this.method = method;
		this.suspending = KotlinDetector.isSuspendingFunction(method);
	}

	/**
	 * Checks that it can be called.
	 * @throws IllegalArgumentException if it cannot; the message says what is allowed
	 */
	void check() {
		Assert.isTrue(!Modifier.isStatic(this.method.getModifiers()), "is static, but it has to be an instance method");
		invocableOn(this.beanFactory.getType(this.beanName, false));
	}

	Object bean() {
		return this.beanFactory.getBean(this.beanName);
	}

	/**
	 * Calls the method.
	 * @param bean the bean
	 * @param arguments an argument for each of the {@link #parameters()}
	 * @return what the method returns; of a suspending function, a publisher of it
	 * @throws Throwable what the method throws
	 */
	@Nullable Object invoke(Object bean, @Nullable Object[] arguments) throws Throwable {
		Method invocable = invocableOn(bean.getClass());
		if (this.suspending) {
			return CoroutinesUtils.invokeSuspendingFunction(invocable, bean, arguments);
		}
		ReflectionUtils.makeAccessible(invocable);
		try {
			return invocable.invoke(bean, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * The type of a bean that does not exist yet may turn out to be that of a proxy, so
	 * this is asked again with the bean at hand.
	 */
	private Method invocableOn(@Nullable Class<?> beanType) {
		Method invocable;
		try {
			invocable = AopUtils.selectInvocableMethod(this.method, beanType);
		}
		catch (IllegalStateException ex) {
			throw new IllegalArgumentException("cannot be called through the proxy of its bean: " + ex.getMessage(),
					ex);
		}
		// The proxy cannot override it, and its own fields were never set.
		Assert.isTrue(
				beanType == null || !SpringProxy.class.isAssignableFrom(beanType)
						|| !Modifier.isFinal(invocable.getModifiers()),
				"is final, so that it cannot be called through the proxy of its bean. Remove 'final'");
		return invocable;
	}

	Method method() {
		return this.method;
	}

	String beanName() {
		return this.beanName;
	}

	Class<?> targetType() {
		return this.targetType;
	}

	/**
	 * Whether it is a suspending function of Kotlin.
	 * @return whether calling it gives a publisher of what it returns
	 */
	boolean isSuspending() {
		return this.suspending;
	}

	/**
	 * The parameters that need arguments: all but the continuation of a suspending
	 * function.
	 * @return the parameters, with their names
	 */
	List<MethodParameter> parameters() {
		int count = this.method.getParameterCount() - (this.suspending ? 1 : 0);
		return IntStream.range(0, count).mapToObj(this::parameter).toList();
	}

	MethodParameter returnType() {
		return parameter(-1);
	}

	private MethodParameter parameter(int index) {
		MethodParameter parameter = new MethodParameter(this.method, index).withContainingClass(this.targetType);
		parameter.initParameterNameDiscovery(parameterNames);
		return parameter;
	}

	/**
	 * Such as {@code com.example.Deployer.deploy}.
	 * @return the name
	 */
	String name() {
		return this.targetType.getName() + "." + this.method.getName();
	}

	@Override
	public String toString() {
		String parameters = Arrays.stream(this.method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return "'" + name() + "(" + parameters + ")' of bean '" + this.beanName + "'";
	}

}
