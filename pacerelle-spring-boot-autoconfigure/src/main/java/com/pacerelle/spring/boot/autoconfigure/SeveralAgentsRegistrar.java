package com.pacerelle.spring.boot.autoconfigure;

import java.util.regex.Pattern;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Defines the beans of each of {@link SeveralAgents}: its client has its name.
 */
final class SeveralAgentsRegistrar implements ImportBeanDefinitionRegistrar {

	private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");

	private final Environment environment;

	SeveralAgentsRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		for (String name : SeveralAgentsCondition.names(this.environment)) {
			check(name, registry);
			register(name, registry);
		}
	}

	private static void check(String name, BeanDefinitionRegistry registry) {
		if (!NAME.matcher(name).matches()) {
			throw new PacerelleConfigurationException(
					"'pacerelle.agents' has an agent with the name '%s'.".formatted(name),
					"Give it a name of letters, digits and '-' that begins with a letter, such as 'support'.");
		}
		if (registry.containsBeanDefinition(name)) {
			throw new PacerelleConfigurationException(
					"'pacerelle.agents' has an agent with the name '%s', and there is another bean of this name."
						.formatted(name),
					"Give the agent another name, as its client is the bean of that name.");
		}
	}

	private static void register(String name, BeanDefinitionRegistry registry) {
		String prefix = SeveralAgents.PREFIX + name;
		registry.registerBeanDefinition(prefix + ".settings", definition("settings", name));
		registry.registerBeanDefinition(prefix + ".store", definition("store", name, prefix + ".settings"));
		registry.registerBeanDefinition(name, definition("client", name, prefix + ".settings", prefix + ".store"));
		registry.registerBeanDefinition(prefix + ".lifecycle",
				definition("lifecycle", name, name, prefix + ".settings", prefix + ".store"));
		registry.registerBeanDefinition(prefix + ".events", definition("events", name, name));
	}

	/** Methods and names, no suppliers: a context can be processed ahead of time. */
	private static BeanDefinition definition(String method, String name, String... beans) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setFactoryBeanName(SeveralAgents.BEAN_NAME);
		definition.setFactoryMethodName(method);
		ConstructorArgumentValues arguments = definition.getConstructorArgumentValues();
		arguments.addIndexedArgumentValue(0, name);
		for (int i = 0; i < beans.length; i++) {
			arguments.addIndexedArgumentValue(i + 1, new RuntimeBeanReference(beans[i]));
		}
		return definition;
	}

}
