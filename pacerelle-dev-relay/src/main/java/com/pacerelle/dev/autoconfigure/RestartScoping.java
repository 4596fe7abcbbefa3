package com.pacerelle.dev.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Lets the chat go on when Spring Boot's developer tools start the application again: the
 * relay with its people, and the agent's store, stay as they are.
 */
final class RestartScoping implements BeanFactoryPostProcessor {

	/** The scope of {@code @RestartScope}, which is only there with the tools. */
	private static final String SCOPE = "restart";

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (beanFactory.getRegisteredScope(SCOPE) == null) {
			return;
		}
		for (String name : List.of("devRelay", "devStoreRoot")) {
			if (beanFactory.containsBeanDefinition(name)) {
				beanFactory.getBeanDefinition(name).setScope(SCOPE);
			}
		}
	}

}
