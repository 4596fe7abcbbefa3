package com.pacerelle.dev.autoconfigure;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.spring.boot.autoconfigure.PacerelleAutoConfiguration;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectionDetails;
import com.pacerelle.spring.connect.FileInstallationRepository;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for a development run: the agent
 * connects to a {@link DevRelay} of its own, and keeps its state apart from that of real
 * agents, whatever beans the application has. Never on unless
 * {@code pacerelle.dev-relay.enabled} says so.
 */
@AutoConfiguration(before = PacerelleAutoConfiguration.class)
@ConditionalOnClass(PacerelleConnectionDetails.class)
@ConditionalOnBooleanProperty("pacerelle.dev-relay.enabled")
@EnableConfigurationProperties(DevRelayProperties.class)
public final class DevRelayAutoConfiguration {

	DevRelayAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	DevRelay devRelay(DevRelayProperties properties) {
		return DevRelay.start(properties.port());
	}

	@Bean
	DevRelayConnectionDetails devRelayConnectionDetails(DevRelay relay) {
		return new DevRelayConnectionDetails(relay);
	}

	@Bean
	DevStoreRoot devStoreRoot(DevRelayProperties properties) {
		return DevStoreRoot.open(properties.storeRoot());
	}

	@Bean
	AgentStore devAgentStore(DevStoreRoot root, DevRelay relay) {
		return SqliteAgentStore.open(root.path(), relay.agentId(), root.keys());
	}

	@Bean
	@ConditionalOnProperty("pacerelle.connect.client-id")
	FileInstallationRepository devInstallationRepository(DevStoreRoot root) {
		return new FileInstallationRepository(root.path().resolve("installations.json"));
	}

	@Bean
	static DevelopmentIsolation developmentIsolation() {
		return new DevelopmentIsolation();
	}

	@Bean
	static DevSettings devSettings(ObjectProvider<DevRelay> relay, ObjectProvider<DevStoreRoot> root) {
		return new DevSettings(relay, root);
	}

	/** A test has a context of its own, whatever happens to others. */
	@Bean
	@ConditionalOnBooleanProperty(name = "pacerelle.test.enabled", havingValue = false, matchIfMissing = true)
	static RestartScoping restartScoping() {
		return new RestartScoping();
	}

	@Bean
	SmartInitializingSingleton devRelayOperator(DevRelay relay, ObjectProvider<AgentGatewayClient> client) {
		return () -> client.ifAvailable(relay::operate);
	}

	/** Nobody can open the page of a test. */
	@Bean
	@ConditionalOnBooleanProperty(name = "pacerelle.test.enabled", havingValue = false, matchIfMissing = true)
	DevRelayAnnouncement devRelayAnnouncement(DevRelay relay, ObjectProvider<AgentGatewayClient> client) {
		return new DevRelayAnnouncement(relay, client, System.out);
	}

}
