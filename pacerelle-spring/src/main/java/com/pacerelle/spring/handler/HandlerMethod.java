package com.pacerelle.spring.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.CoroutinesUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * An annotated method of a bean. The bean is looked up for each call: lazy beans are not
 * created before the first message, and prototypes and scopes keep their meaning.
 */
class HandlerMethod extends AnnotatedMethod {

	private static final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Class<?> beanType;

	private final boolean suspending;

	/**
	 * Creates the method.
	 * @param beanFactory the factory of its bean
	 * @param beanName the bean to call it on, maybe a proxy
	 * @param beanType the class of the bean, or of the target of its proxy
	 * @param method the method of that class
	 */
	HandlerMethod(BeanFactory beanFactory, String beanName, Class<?> beanType, Method method) {
		super(method);
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.beanType = beanType;
		this.suspending = KotlinDetector.isSuspendingFunction(method);
		for (MethodParameter parameter : getMethodParameters()) {
			parameter.initParameterNameDiscovery(parameterNames);
		}
	}

	HandlerMethod(HandlerMethod method) {
		super(method);
		this.beanFactory = method.beanFactory;
		this.beanName = method.beanName;
		this.beanType = method.beanType;
		this.suspending = method.suspending;
	}

	/**
	 * Checks that the method can be called.
	 * @throws IllegalArgumentException if it cannot; the message says what is allowed
	 */
	void check() {
		Assert.isTrue(!Modifier.isStatic(getMethod().getModifiers()), "is static, but it has to be an instance method");
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
	@Nullable Object call(Object bean, @Nullable Object[] arguments) throws Throwable {
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
	 * Before a lazy bean is created, it may not be known that it gets a proxy: each call
	 * checks this again.
	 */
	private Method invocableOn(@Nullable Class<?> type) {
		Method invocable;
		try {
			invocable = AopUtils.selectInvocableMethod(
					(type != null && Proxy.isProxyClass(type)) ? interfaceMethod(type) : getMethod(), type);
		}
		catch (IllegalStateException ex) {
			throw new IllegalArgumentException("cannot be called through the proxy of its bean: "
					+ (Modifier.isPrivate(getMethod().getModifiers()) ? "change its visibility to package or higher"
							: "pull the method up to an interface of the bean, or have CGLIB create the proxy"),
					ex);
		}
		// CGLIB cannot override it, and the fields of the proxy itself are never set.
		Assert.isTrue(
				type == null || !SpringProxy.class.isAssignableFrom(type)
						|| !Modifier.isFinal(invocable.getModifiers()),
				"is final, so that it cannot be called through the proxy of its bean. Remove 'final'");
		return invocable;
	}

	/**
	 * The method as an interface of a JDK proxy declares it: a generic interface declares
	 * other parameter types than its implementation.
	 */
	private Method interfaceMethod(Class<?> proxyType) {
		return Arrays.stream(proxyType.getInterfaces())
			.flatMap((type) -> Arrays.stream(type.getMethods()))
			.filter((method) -> method.getName().equals(getMethod().getName())
					&& AopUtils.getMostSpecificMethod(method, this.beanType).equals(getMethod()))
			.findFirst()
			.orElseGet(this::getMethod);
	}

	String beanName() {
		return this.beanName;
	}

	Class<?> beanType() {
		return this.beanType;
	}

	/**
	 * Resolves the type variables of inherited methods.
	 */
	@Override
	protected Class<?> getContainingClass() {
		return this.beanType;
	}

	/**
	 * Whether it is a suspending function of Kotlin.
	 * @return whether a call returns a publisher of the result
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
		List<MethodParameter> parameters = List.of(getMethodParameters());
		return this.suspending ? parameters.subList(0, parameters.size() - 1) : parameters;
	}

	/**
	 * Such as {@code com.example.Deployer.deploy}.
	 * @return the name
	 */
	String name() {
		return this.beanType.getName() + "." + getMethod().getName();
	}

	/**
	 * A method of two beans of one class is two handler methods.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof HandlerMethod method && super.equals(other) && this.beanName.equals(method.beanName);
	}

	@Override
	public int hashCode() {
		return 31 * super.hashCode() + this.beanName.hashCode();
	}

	@Override
	public String toString() {
		String parameters = Arrays.stream(getMethod().getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return "'" + name() + "(" + parameters + ")' of bean '" + this.beanName + "'";
	}

}
