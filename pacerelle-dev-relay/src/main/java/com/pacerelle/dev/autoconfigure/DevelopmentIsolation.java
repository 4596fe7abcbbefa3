package com.pacerelle.dev.autoconfigure;

import java.util.Map;
import java.util.Set;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectionDetails;
import com.pacerelle.spring.connect.InstallationRepository;
import com.pacerelle.spring.connect.InstalledAgents;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Keeps a development run apart from real agents, whatever beans the application has.
 * Where it names a relay, keeps a store or has installations, the beans of the run take
 * their place: nobody gets the application's own, and they are not created. What has a
 * connection of its own cannot be led elsewhere, and is refused.
 */
final class DevelopmentIsolation implements BeanFactoryPostProcessor {

	private static final Set<String> OF_THIS_RUN = Set.of("devRelayConnectionDetails", "devAgentStore",
			"devInstallationRepository");

	private static final Set<Class<?>> REPLACED = Set.of(PacerelleConnectionDetails.class, AgentStore.class,
			InstallationRepository.class);

	private static final Map<Class<?>, String> AUTO_CONFIGURED = Map.of(AgentGatewayClient.class, "pacerelleClient",
			AgentConnectClient.class, "pacerelleConnectClient", InstalledAgents.class, "pacerelleInstalledAgents");

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		AUTO_CONFIGURED.forEach((type, name) -> refuseOthers(beanFactory, type, name));
		REPLACED.forEach((type) -> replace(beanFactory, type));
	}

	private static void refuseOthers(ConfigurableListableBeanFactory beanFactory, Class<?> type, String name) {
		for (String other : beanFactory.getBeanNamesForType(type, true, false)) {
			if (!other.equals(name)) {
				throw new IllegalStateException("'pacerelle.dev-relay.enabled' is on, but the bean '" + other
						+ "' of type " + type.getSimpleName() + " connects wherever the application says: leave it out"
						+ " of development runs, with a profile for example");
			}
		}
	}

	private static void replace(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
			if (!OF_THIS_RUN.contains(name) && beanFactory.containsBeanDefinition(name)) {
				BeanDefinition definition = beanFactory.getBeanDefinition(name);
				definition.setAutowireCandidate(false);
				definition.setPrimary(false);
				definition.setLazyInit(true);
			}
		}
	}

}
