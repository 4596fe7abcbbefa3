package com.pacerelle.spring.handler;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.client.AgentMessageHandler;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Refuses annotated methods in an application without a {@link HandlerMethodRegistry}:
 * its own {@link AgentMessageHandler} gets all messages, and the methods would get none.
 */
public final class UnusedHandlers implements SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates the check.
	 * @param beanFactory the beans that may have annotated methods
	 */
	public UnusedHandlers(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Looks for annotated methods.
	 * @throws InvalidHandlerException if there are some
	 */
	@Override
	public void afterSingletonsInstantiated() {
		List<String> problems = new ArrayList<>();
		new HandlerScan(this.beanFactory).forEach(PacerelleHandler.class, (method) -> {
			if (!isOfFramework(method.beanName())) {
				problems.add("The @PacerelleHandler method " + method + " gets no messages, because the bean "
						+ String.join(", ",
								this.beanFactory.getBeanNamesForType(AgentMessageHandler.class, true, false))
						+ " of type AgentMessageHandler gets all of them. Remove one of the two, or declare a bean of"
						+ " type HandlerMethodRegistry that the other one passes messages to.");
			}
		});
		if (!problems.isEmpty()) {
			throw new InvalidHandlerException(problems);
		}
	}

	private boolean isOfFramework(String beanName) {
		return this.beanFactory.containsBeanDefinition(beanName)
				&& this.beanFactory.getBeanDefinition(beanName).getRole() == BeanDefinition.ROLE_INFRASTRUCTURE;
	}

}
