package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AuthorizationSecrets;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.spring.connect.AgentConnect;
import com.pacerelle.spring.connect.FileInstallationRepository;
import com.pacerelle.spring.connect.InMemoryPendingInstallations;
import com.pacerelle.spring.connect.Installation;
import com.pacerelle.spring.connect.InstallationRepository;
import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.connect.PendingInstallations;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PacerelleConnectAutoConfiguration} and for what it leaves of
 * {@link PacerelleAutoConfiguration}.
 */
class PacerelleConnectAutoConfigurationTests {

	private static final String[] PROPERTIES = { "pacerelle.connect.client-id=client-1",
			"pacerelle.connect.connect-key=s3cr3t", "pacerelle.connect.redirect-uri=https://example.com/installed",
			"pacerelle.connect.agent-name=Echo", "pacerelle.base-url=http://127.0.0.1:1" };

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(PacerelleAutoConfiguration.class,
			PacerelleConnectAutoConfiguration.class);

	@TempDir
	Path storeRoot;

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS);

	@Test
	void anApplicationThatPeopleInstallNeedsNoAgentOfItsOwn() {
		installable().run((context) -> assertThat(context).hasSingleBean(AgentConnect.class)
			.hasSingleBean(InstalledAgents.class)
			.hasSingleBean(FileInstallationRepository.class)
			.hasSingleBean(InMemoryPendingInstallations.class)
			.hasSingleBean(HandlerMethodRegistry.class)
			.doesNotHaveBean(AgentGatewayClient.class)
			.doesNotHaveBean(AgentGatewaySettings.class)
			.doesNotHaveBean(AgentStore.class)
			.doesNotHaveBean(AgentGatewayLifecycle.class));
	}

	@Test
	void anApplicationMayBeBoth() {
		installable().withPropertyValues("pacerelle.agent-id=agent-1", "pacerelle.token=t0ken")
			.run((context) -> assertThat(context).hasSingleBean(AgentConnect.class)
				.hasSingleBean(InstalledAgents.class)
				.hasSingleBean(AgentGatewayClient.class)
				.hasSingleBean(AgentGatewayLifecycle.class));
	}

	@ParameterizedTest
	@CsvSource({ "agent-id, token", "token, agent-id" })
	void halfOfTheCredentialsOfAnOwnAgentIsComplainedAbout(String given, String missing) {
		installable().withPropertyValues("pacerelle." + given + "=some-value")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessageContaining("'pacerelle." + missing + "'"));
	}

	@Test
	void aClientOfTheApplicationIsStartedBesides() {
		StubClient client = StubClient.thatConnects();
		installable().withBean(AgentGatewayClient.class, () -> client).run((context) -> {
			assertThat(context).hasSingleBean(InstalledAgents.class).hasSingleBean(AgentGatewayLifecycle.class);
			assertThat(client.calls).containsExactly("start");
		});
	}

	@Test
	void nothingOfItIsThereWithoutAClientId() {
		this.contextRunner
			.withPropertyValues("pacerelle.agent-id=agent-1", "pacerelle.token=t0ken",
					"pacerelle.base-url=http://127.0.0.1:1", "pacerelle.store.root=" + this.storeRoot)
			.run((context) -> assertThat(context).hasSingleBean(AgentGatewayClient.class)
				.doesNotHaveBean(AgentConnect.class)
				.doesNotHaveBean(InstalledAgents.class)
				.doesNotHaveBean(InstallationRepository.class));
	}

	@Test
	void nothingOfItIsThereWhenItIsSwitchedOff() {
		installable().withPropertyValues("pacerelle.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(AgentConnect.class)
				.doesNotHaveBean(InstalledAgents.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "client-id", "connect-key", "redirect-uri", "agent-name" })
	void aMissingPropertyIsNamed(String property) {
		installable().withPropertyValues("pacerelle.connect." + property + "=")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessage("'pacerelle.connect." + property + "' has no value."));
	}

	@ParameterizedTest
	@CsvSource({ "pacerelle.connect.client-id, s3cr3t id", "pacerelle.connect.connect-key, s3cr3t key",
			"pacerelle.connect.redirect-uri, s3cr3t address", "pacerelle.connect.redirect-uri, /s3cr3t",
			"pacerelle.base-url, http://s3cr3t.example", "pacerelle.connect.renew-before, -1s",
			"pacerelle.shutdown-grace, -1s" })
	void aWrongPropertyIsNamedWithoutItsValue(String property, String value) {
		installable().withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PacerelleConfigurationException.class)
				.hasMessageStartingWith("'" + property + "'")
				.hasMessageNotContaining("s3cr3t"));
	}

	@Test
	void theRelayIsReachedWithoutEncryptionWhenAskedFor() {
		installable()
			.withPropertyValues("pacerelle.base-url=http://relay.example", "pacerelle.allow-insecure-transport=true")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AgentConnectClient.class));
	}

	@Test
	void theKeyIsNotPrinted() {
		installable().run((context) -> assertThat(context.getBean(PacerelleConnectProperties.class))
			.hasToString("PacerelleConnectProperties[clientId=client-1]"));
	}

	@Test
	void installationsAreKeptNextToTheStores() {
		installable().run((context) -> assertThat(context.getBean(InstallationRepository.class))
			.hasToString(this.storeRoot.resolve("installations.json").toString()));
	}

	@Test
	void agentsOfEarlierInstallationsStartWithTheApplication() {
		new FileInstallationRepository(this.storeRoot.resolve("installations.json"))
			.save(new Installation("agent-7", "alice", "c-1", "inst4ll"));
		installable()
			.run((context) -> assertThat(context.getBean(InstalledAgents.class).agentIds()).containsExactly("agent-7"));
	}

	@Test
	void beansOfTheApplicationTakeThePlaceOfTheDefaults() {
		AgentMessageHandler handler = (message, conversation) -> Mono.empty();
		installable().withBean(AgentMessageHandler.class, () -> handler)
			.withBean(InstallationRepository.class, NoInstallations::new)
			.withBean(PendingInstallations.class, NothingPending::new)
			.run((context) -> assertThat(context).hasSingleBean(AgentConnect.class)
				.hasSingleBean(AgentConnectClient.class)
				.doesNotHaveBean(FileInstallationRepository.class)
				.doesNotHaveBean(InMemoryPendingInstallations.class)
				.doesNotHaveBean(HandlerMethodRegistry.class));
	}

	@Test
	void inAServletApplicationWhatIsPendingBelongsToTheSession() {
		new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("pacerelle.store.root=" + this.storeRoot)
			.run((context) -> {
				assertThat(context).hasSingleBean(AgentConnect.class);
				PendingInstallations pending = context.getBean("pacerelleSessionPendingInstallations",
						PendingInstallations.class);
				MockHttpServletRequest alice = new MockHttpServletRequest();
				MockHttpServletRequest mallory = new MockHttpServletRequest();
				AuthorizationSecrets secrets = new AuthorizationSecrets("state", "verifier");
				in(alice, () -> pending.add(secrets));
				in(mallory, () -> assertThat(pending.take("state")).isNull());
				in(alice, () -> assertThat(pending.take("state")).isEqualTo(secrets));
			});
	}

	private static void in(MockHttpServletRequest request, Runnable action) {
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
		try {
			action.run();
		}
		finally {
			RequestContextHolder.resetRequestAttributes();
		}
	}

	private ApplicationContextRunner installable() {
		return this.contextRunner.withPropertyValues(PROPERTIES)
			.withPropertyValues("pacerelle.store.root=" + this.storeRoot);
	}

	static class NoInstallations implements InstallationRepository {

		@Override
		public void save(Installation installation) {
		}

		@Override
		public List<Installation> findAll() {
			return List.of();
		}

		@Override
		public void remove(String agentId) {
		}

	}

	static class NothingPending implements PendingInstallations {

		@Override
		public void add(AuthorizationSecrets secrets) {
		}

		@Override
		public @Nullable AuthorizationSecrets take(String state) {
			return null;
		}

	}

}
