package com.pacerelle.spring.boot.autoconfigure;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;

import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.CryptoSettings;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.spring.connect.AgentConnect;
import com.pacerelle.spring.connect.FileInstallationRepository;
import com.pacerelle.spring.connect.JdbcInstallationRepository;
import com.pacerelle.spring.connect.SharedAgents;
import com.pacerelle.spring.connect.InMemoryPendingInstallations;
import com.pacerelle.spring.connect.InstallationRepository;
import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.connect.PendingInstallations;
import com.pacerelle.spring.connect.Renewal;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for an application that people
 * install.
 */
@AutoConfiguration(after = PacerelleAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "pacerelle.enabled", matchIfMissing = true)
@ConditionalOnProperty("pacerelle.connect.client-id")
@EnableConfigurationProperties(PacerelleConnectProperties.class)
public final class PacerelleConnectAutoConfiguration {

	private static final int PENDING_IN_A_SESSION = 5;

	private static final int PENDING_IN_AN_APPLICATION = 1000;

	PacerelleConnectAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean
	AgentConnectClient pacerelleConnectClient(PacerelleConnectProperties connect, PacerelleProperties properties,
			TransportSettings transport, ObjectProvider<PacerelleConnectionDetails> connectionDetails) {
		return new AgentConnectClient(new ConnectSettingsMapper(connect)
			.map(RelayAddresses.of(connectionDetails, properties).baseUrl(), transport));
	}

	@Bean
	@ConditionalOnMissingBean
	InstallationRepository pacerelleInstallationRepository(PacerelleConnectProperties connect,
			PacerelleProperties properties, AgentStores stores) {
		SharedAgents shared = shared(stores, connect);
		return (shared != null) ? new JdbcInstallationRepository(shared.installations())
				: new FileInstallationRepository(
						new SettingsMapper(properties).storeRoot().resolve("installations.json"));
	}

	private static @Nullable SharedAgents shared(AgentStores stores, PacerelleConnectProperties connect) {
		return stores.shared(Objects.requireNonNullElse(connect.clientId(), ""), connect.pinned());
	}

	@Bean
	@Scope(scopeName = "session", proxyMode = ScopedProxyMode.INTERFACES)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
	@ConditionalOnMissingBean(PendingInstallations.class)
	InMemoryPendingInstallations pacerelleSessionPendingInstallations() {
		return new InMemoryPendingInstallations(PENDING_IN_A_SESSION, Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean(PendingInstallations.class)
	InMemoryPendingInstallations pacerellePendingInstallations() {
		return new InMemoryPendingInstallations(PENDING_IN_AN_APPLICATION, Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean
	InstalledAgents pacerelleInstalledAgents(InstallationRepository repository, AgentConnectClient client,
			AgentMessageHandler handler, PacerelleConnectProperties connect, PacerelleProperties properties,
			SettingsMapper mapper, ObjectProvider<PacerelleConnectionDetails> connectionDetails,
			TransportSettings transport, CryptoSettings crypto, AgentStores stores, Environment environment,
			ApplicationEventPublisher publisher) {
		crypto.use();
		PacerelleProperties.Reconnect reconnect = properties.reconnect();
		RelayAddresses addresses = RelayAddresses.of(connectionDetails, properties);
		return new InstalledAgents(repository, client,
				(token) -> mapper.map(new InstalledConnectionDetails(token, addresses), transport,
						Threading.VIRTUAL.isActive(environment)),
				stores::open, handler,
				new Renewal(
						PacerelleConfigurationException.requireNotNegative("pacerelle.connect.renew-before",
								connect.renewBefore()),
						reconnect.minBackoff(), reconnect.maxBackoff(), reconnect.tokenRefusedBackoff()),
				PacerelleConfigurationException.requireNotNegative("pacerelle.shutdown-grace",
						properties.shutdownGrace()),
				Schedulers.boundedElastic(), new ApplicationEvents(publisher)::publish,
				(repository instanceof JdbcInstallationRepository) ? shared(stores, connect) : null);
	}

	@Bean
	@ConditionalOnMissingBean
	AgentConnect pacerelleAgentConnect(AgentConnectClient client, PendingInstallations pending,
			InstallationRepository repository, InstalledAgents agents) {
		return new AgentConnect(client, pending, repository, agents, new SecureRandom());
	}

}
