package com.pacerelle.spring.boot.autoconfigure;

import java.util.function.Supplier;

import javax.sql.DataSource;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.CryptoSettings;
import com.pacerelle.client.TimeSource;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.spring.client.RestartableClient;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import com.pacerelle.spring.handler.HelpHandler;
import com.pacerelle.spring.handler.Questions;
import com.pacerelle.spring.handler.UnusedHandlers;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a Pacerelle agent.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "pacerelle.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PacerelleProperties.class)
public final class PacerelleAutoConfiguration {

	PacerelleAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(AgentMessageHandler.class)
	HandlerMethodRegistry pacerelleHandlerMethodRegistry(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<AgentGatewayClient> client) {
		return new HandlerMethodRegistry(beanFactory, client);
	}

	@Bean
	@ConditionalOnMissingBean(HandlerMethodRegistry.class)
	UnusedHandlers pacerelleUnusedHandlers(ConfigurableListableBeanFactory beanFactory) {
		return new UnusedHandlers(beanFactory);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnBooleanProperty(name = "pacerelle.handler.help", matchIfMissing = true)
	HelpHandler pacerelleHelpHandler() {
		return new HelpHandler();
	}

	@Bean
	@ConditionalOnMissingBean
	Questions pacerelleQuestions(BeanFactory beanFactory) {
		return new Questions(beanFactory);
	}

	@Bean
	@ConditionalOnMissingBean
	TransportSettings pacerelleTransport(PacerelleProperties properties, ObjectProvider<SslBundles> sslBundles,
			ObjectProvider<WebClient.Builder> webClientBuilder) {
		return new TransportMapper(properties).map(sslBundles, webClientBuilder.getIfUnique());
	}

	@Bean
	@ConditionalOnMissingBean
	CryptoSettings pacerelleCrypto(PacerelleProperties properties) {
		return CryptoMapper.map(properties.crypto());
	}

	/** A development run is kept apart from what the application has stored. */
	@Bean
	@Lazy
	@DependsOnDatabaseInitialization
	AgentStores pacerelleStores(PacerelleProperties properties, ObjectProvider<EncryptionKeys> keys,
			ObjectProvider<DataSource> dataSource, Environment environment) {
		boolean development = environment.getProperty("pacerelle.dev-relay.enabled", Boolean.class, false);
		return AgentStores.of(properties.store(), development ? StoreType.SQLITE : properties.store().type(), keys,
				dataSource);
	}

	@Bean
	SettingsMapper pacerelleSettingsMapper(PacerelleProperties properties,
			ObjectProvider<ObservationRegistry> observationRegistry,
			ObjectProvider<AgentGatewaySettingsBuilderCustomizer> customizers) {
		return new SettingsMapper(properties, observationRegistry.getIfUnique(() -> ObservationRegistry.NOOP),
				customizers.orderedStream().toList());
	}

	@Bean
	@Conditional(OwnAgentCondition.class)
	@ConditionalOnBean(AgentGatewayClient.class)
	AgentGatewayLifecycle pacerelleLifecycle(AgentGatewayClient client, PacerelleProperties properties,
			ObjectProvider<StartupLog> startupLog, ObjectProvider<LifecycleProperties> lifecycle) {
		return new AgentGatewayLifecycle(client, properties,
				lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase(),
				startupLog.getIfAvailable());
	}

	@Bean
	@Conditional(OwnAgentCondition.class)
	@ConditionalOnBean(AgentGatewayClient.class)
	GatewayEventPublisher pacerelleEventPublisher(AgentGatewayClient client, ApplicationEventPublisher publisher) {
		return new GatewayEventPublisher(client, new ApplicationEvents(publisher)::publish);
	}

	/**
	 * What only our own client needs: an application that brings another one needs no
	 * credentials here.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional({ OwnAgentCondition.class, CredentialsCondition.class })
	@ConditionalOnMissingBean(AgentGatewayClient.class)
	static final class ClientConfiguration {

		@Bean
		@ConditionalOnMissingBean({ PacerelleConnectionDetails.class, AgentGatewaySettings.class })
		PropertiesPacerelleConnectionDetails pacerelleConnectionDetails(PacerelleProperties properties) {
			return new PropertiesPacerelleConnectionDetails(properties);
		}

		@Bean
		@ConditionalOnMissingBean
		AgentGatewaySettings pacerelleSettings(PacerelleConnectionDetails connectionDetails, SettingsMapper mapper,
				TransportSettings transport, Environment environment) {
			return mapper.map(connectionDetails, transport, Threading.VIRTUAL.isActive(environment));
		}

		@Bean
		@ConditionalOnMissingBean
		AgentStore pacerelleStore(AgentGatewaySettings settings, AgentStores stores, SettingsMapper mapper,
				CryptoSettings crypto) {
			crypto.use();
			return stores.openOrStandBy(settings, mapper.importFrom());
		}

		@Bean
		AgentGatewayClient pacerelleClient(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler,
				PacerelleProperties properties, CryptoSettings crypto, ObjectProvider<TimeSource> timeSource) {
			// The application may have opened the store itself.
			crypto.use();
			TimeSource time = timeSource.getIfAvailable(TimeSource::system);
			Supplier<AgentGatewayClient> clients = () -> new DefaultAgentGatewayClient(settings, store, handler, time);
			return (properties.store().standby() && store instanceof SharedStore shared)
					? RestartableClient.withStandby(shared, clients) : new RestartableClient(store, clients);
		}

		@Bean
		StartupLog pacerelleStartupLog(AgentGatewaySettings settings, AgentStore store, AgentMessageHandler handler) {
			return new StartupLog(settings, store, handler);
		}

	}

	/**
	 * What several agents need in place of the single one's beans.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(SeveralAgentsCondition.class)
	@Import(SeveralAgentsRegistrar.class)
	static final class SeveralAgentsConfiguration {

		@Bean(SeveralAgents.BEAN_NAME)
		SeveralAgents pacerelleAgents(PacerelleProperties properties,
				ObjectProvider<PacerelleConnectionDetails> connectionDetails, SettingsMapper mapper,
				TransportSettings transport, CryptoSettings crypto, AgentStores stores, AgentMessageHandler handler,
				ObjectProvider<TimeSource> timeSource, ObjectProvider<LifecycleProperties> lifecycle,
				Environment environment, ApplicationEventPublisher publisher) {
			return new SeveralAgents(properties, RelayAddresses.of(connectionDetails, properties), mapper,
					new SeveralAgents.Shared(transport, crypto, stores, handler,
							timeSource.getIfAvailable(TimeSource::system), Threading.VIRTUAL.isActive(environment),
							lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase(),
							publisher));
		}

	}

}
