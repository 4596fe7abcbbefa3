package com.pacerelle.spring.handler;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.log.LogMessage;

/**
 * Finds the {@link PacerelleHandler @PacerelleHandler} method of the application when its
 * singletons are ready, and passes the messages to it.
 */
public final class HandlerMethodRegistry implements AgentMessageHandler, SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(HandlerMethodRegistry.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final Arguments arguments;

	private volatile List<HandlerMethod> handlers = List.of();

	/**
	 * Creates the registry.
	 * @param beanFactory the beans to look at
	 * @param client the client that handler methods may ask for, not used before the
	 * first message
	 */
	public HandlerMethodRegistry(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<AgentGatewayClient> client) {
		this.beanFactory = beanFactory;
		this.arguments = new Arguments(client::getObject);
	}

	/**
	 * Looks for handler methods, without creating lazy beans.
	 * @throws InvalidHandlerException if there is one that cannot be called, or more than
	 * one
	 */
	@Override
	public void afterSingletonsInstantiated() {
		List<String> problems = new ArrayList<>();
		List<HandlerMethod> found = new ArrayList<>();
		for (String beanName : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = ScopedProxyUtils.isScopedTarget(beanName) ? null : targetType(beanName);
			if (type != null && AnnotationUtils.isCandidateClass(type, PacerelleHandler.class)) {
				for (Method method : handlerMethods(type)) {
					try {
						found.add(new HandlerMethod(this.beanFactory, beanName, type, method, this.arguments));
					}
					catch (IllegalArgumentException ex) {
						problems.add("The @PacerelleHandler method " + HandlerMethod.describe(method, type, beanName)
								+ " " + ex.getMessage() + ".");
					}
				}
			}
		}
		if (found.size() > 1) {
			problems.add("There are several @PacerelleHandler methods, but a message has one handler: "
					+ String.join(" and ", found.stream().map(HandlerMethod::toString).toList()) + ".");
		}
		if (!problems.isEmpty()) {
			throw new InvalidHandlerException(problems);
		}
		if (found.isEmpty()) {
			logger.warn("No bean has a method with @PacerelleHandler: messages are kept, but not answered. "
					+ "Annotate a method such as 'String echo(AgentMessage message)'.");
		}
		this.handlers = List.copyOf(found);
	}

	private @Nullable Class<?> targetType(String beanName) {
		try {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, beanName);
			return (type != null && ScopedObject.class.isAssignableFrom(type)) ? AutoProxyUtils
				.determineTargetClass(this.beanFactory, ScopedProxyUtils.getTargetBeanName(beanName)) : type;
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug(LogMessage.format("Bean '%s' has no type that can be looked at", beanName), ex);
			return null;
		}
	}

	private Set<Method> handlerMethods(Class<?> type) {
		try {
			return MethodIntrospector.selectMethods(type,
					(Method method) -> AnnotatedElementUtils.hasAnnotation(method, PacerelleHandler.class));
		}
		catch (RuntimeException | LinkageError ex) {
			// A class whose signatures name types that are not there, as EventListener's
			// own scan meets them too.
			logger.debug(LogMessage.format("Methods of %s cannot be looked at", type), ex);
			return Set.of();
		}
	}

	/**
	 * How many handler methods there are.
	 * @return the number, 0 before the singletons are ready
	 */
	public int size() {
		return this.handlers.size();
	}

	@Override
	public Flux<Reply> handle(AgentMessage message, Conversation conversation) {
		return this.handlers.isEmpty()
				? Flux.error(new NoHandlerException("No bean has a method with @PacerelleHandler"))
				: this.handlers.get(0).handle(message, conversation);
	}

}
