package com.pacerelle.spring.boot.actuate;

import java.util.Map;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.spring.boot.autoconfigure.PacerelleAutoConfiguration;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectAutoConfiguration;
import com.pacerelle.spring.boot.autoconfigure.PacerellePermissionAutoConfiguration;
import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.permission.PermissionSessions;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for what operators see of an agent.
 */
@AutoConfiguration(after = { PacerelleAutoConfiguration.class, PacerelleConnectAutoConfiguration.class,
		PacerellePermissionAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "pacerelle.enabled", matchIfMissing = true)
public final class PacerelleActuatorAutoConfiguration {

	PacerelleActuatorAutoConfiguration() {
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnBean(AgentGatewayClient.class)
	@ConditionalOnEnabledHealthIndicator("pacerelle")
	static final class HealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = { "pacerelleHealthIndicator", "pacerelleHealthContributor" })
		HealthContributor pacerelleHealthIndicator(Map<String, AgentGatewayClient> clients) {
			return (clients.size() == 1) ? new PacerelleHealthIndicator(clients.values().iterator().next())
					: CompositeHealthContributor.fromMap(clients, PacerelleHealthIndicator::new);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
	@ConditionalOnBean(InstalledAgents.class)
	@ConditionalOnEnabledHealthIndicator("pacerelle")
	static final class InstalledAgentsHealthConfiguration {

		@Bean
		@ConditionalOnMissingBean(
				name = { "pacerelleInstalledAgentsHealthIndicator", "pacerelleInstalledAgentsHealthContributor" })
		InstalledAgentsHealthIndicator pacerelleInstalledAgentsHealthIndicator(InstalledAgents agents) {
			return new InstalledAgentsHealthIndicator(agents);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
	@ConditionalOnEnabledInfoContributor("pacerelle")
	static final class InfoConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "pacerelleInfoContributor")
		PacerelleInfoContributor pacerelleInfoContributor(ObjectProvider<AgentGatewaySettings> settings,
				ObjectProvider<InstalledAgents> installedAgents, ObjectProvider<AgentGatewayClient> client) {
			return new PacerelleInfoContributor(settings.orderedStream().toList(), installedAgents.getIfUnique(),
					client.getIfUnique());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnBean(AgentGatewayClient.class)
	static final class EndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnSingleCandidate(AgentGatewayClient.class)
		@ConditionalOnAvailableEndpoint
		PacerelleEndpoint pacerelleEndpoint(AgentGatewayClient client, ObjectProvider<PermissionSessions> permissions) {
			return new PacerelleEndpoint(client, permissions.getIfUnique());
		}

		@Bean
		@ConditionalOnMissingBean({ PacerelleAgentsEndpoint.class, PacerelleEndpoint.class })
		@ConditionalOnAvailableEndpoint
		PacerelleAgentsEndpoint pacerelleAgentsEndpoint(Map<String, AgentGatewayClient> clients,
				ObjectProvider<PermissionSessions> permissions) {
			return new PacerelleAgentsEndpoint(clients, permissions.getIfUnique());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	@ConditionalOnBean(AgentGatewayClient.class)
	static final class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		PacerelleMetrics pacerelleMetrics(Map<String, AgentGatewayClient> clients) {
			return new PacerelleMetrics(clients);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	@ConditionalOnBean(InstalledAgents.class)
	@ConditionalOnAvailableEndpoint(InstalledAgentsEndpoint.class)
	static final class InstalledAgentsEndpointConfiguration {

		@Bean
		@ConditionalOnMissingBean
		InstalledAgentsEndpoint pacerelleInstalledAgentsEndpoint(InstalledAgents agents) {
			return new InstalledAgentsEndpoint(agents);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	@ConditionalOnBean(InstalledAgents.class)
	static final class InstalledAgentsMetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		InstalledAgentsMetrics pacerelleInstalledAgentsMetrics(InstalledAgents agents) {
			return new InstalledAgentsMetrics(agents);
		}

	}

}
