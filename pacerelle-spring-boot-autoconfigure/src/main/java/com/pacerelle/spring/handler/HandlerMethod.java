package com.pacerelle.spring.handler;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.SpringProxy;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * A method with {@link PacerelleHandler @PacerelleHandler}, called on its bean. How each
 * parameter gets its argument and how the result becomes a reply is decided when it is
 * created. The bean is looked up at each call: that leaves lazy beans alone until there
 * is a message, and gives prototypes and scopes their meaning.
 */
final class HandlerMethod implements AgentMessageHandler {

	private final BeanFactory beanFactory;

	private final String beanName;

	private final Class<?> targetType;

	private final Method method;

	private final List<Function<AgentMessage, Object>> arguments;

	private final Function<@Nullable Object, Mono<String>> result;

	/**
	 * Creates the handler method.
	 * @param beanFactory where its bean is
	 * @param beanName the bean to call it on, maybe a proxy
	 * @param targetType the class of the bean behind any proxy
	 * @param method the method of that class
	 * @param arguments gives the parameters their arguments
	 * @throws IllegalArgumentException if it cannot be called; the message says what is
	 * allowed
	 */
	HandlerMethod(BeanFactory beanFactory, String beanName, Class<?> targetType, Method method, Arguments arguments) {
		this.beanFactory = beanFactory;
		this.beanName = beanName;
		this.targetType = targetType;
		this.method = method;
		Assert.isTrue(!Modifier.isStatic(method.getModifiers()), "is static, but it has to be an instance method");
		invocableOn(beanFactory.getType(beanName, false));
		this.arguments = arguments.forParameters(IntStream.range(0, method.getParameterCount())
			.mapToObj((index) -> new MethodParameter(method, index).withContainingClass(targetType))
			.toList());
		this.result = Results.forReturnType(new MethodParameter(method, -1).withContainingClass(targetType));
	}

	@Override
	public Flux<Reply> handle(AgentMessage message, Conversation conversation) {
		return new HandlerInvocation(message, conversation).subscribing(() -> invoke(message).flux());
	}

	private Mono<Reply> invoke(AgentMessage message) {
		Object bean = this.beanFactory.getBean(this.beanName);
		Method invocable = invocableOn(bean.getClass());
		Object[] values = this.arguments.stream().map((argument) -> argument.apply(message)).toArray();
		ReflectionUtils.makeAccessible(invocable);
		try {
			return this.result.apply(invocable.invoke(bean, values)).map(Reply::new);
		}
		catch (InvocationTargetException ex) {
			return Mono.error(ex.getTargetException());
		}
		catch (IllegalAccessException ex) {
			return Mono.error(ex);
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

	@Override
	public String toString() {
		return describe(this.method, this.targetType, this.beanName);
	}

	static String describe(Method method, Class<?> targetType, String beanName) {
		String parameters = Arrays.stream(method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", "));
		return "'" + targetType.getName() + "." + method.getName() + "(" + parameters + ")' of bean '" + beanName + "'";
	}

}
