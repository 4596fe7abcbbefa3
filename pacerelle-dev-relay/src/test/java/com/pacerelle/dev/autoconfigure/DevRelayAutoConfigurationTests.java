package com.pacerelle.dev.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import com.pacerelle.spring.boot.autoconfigure.AgentGatewaySettingsBuilderCustomizer;
import com.pacerelle.spring.boot.autoconfigure.PacerelleAutoConfiguration;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectAutoConfiguration;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectionDetails;
import com.pacerelle.spring.connect.AgentConnect;
import com.pacerelle.spring.connect.FileInstallationRepository;
import com.pacerelle.spring.connect.Installation;
import com.pacerelle.spring.connect.InstallationRepository;
import com.pacerelle.spring.connect.InstalledAgents;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.Scope;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class DevRelayAutoConfigurationTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DevRelayAutoConfiguration.class));

	@Test
	void isOffByDefault() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(DevRelay.class)
			.doesNotHaveBean(PacerelleConnectionDetails.class)
			.doesNotHaveBean(AgentStore.class));
	}

	@Test
	void isOffWithoutThePacerelleAutoConfiguration() {
		this.contextRunner.withPropertyValues("pacerelle.dev-relay.enabled=true")
			.withClassLoader(new FilteredClassLoader(PacerelleConnectionDetails.class))
			.run((context) -> assertThat(context).doesNotHaveBean(DevRelay.class));
	}

	@Test
	void takesThePlaceOfTheConfiguredRelayWhenItIsOn() {
		this.contextRunner.withPropertyValues("pacerelle.dev-relay.enabled=true").run((context) -> {
			DevRelay relay = context.getBean(DevRelay.class);
			PacerelleConnectionDetails details = context.getBean(PacerelleConnectionDetails.class);
			assertThat(details.getAgentId()).isEqualTo(relay.agentId());
			assertThat(details.getToken()).isEqualTo(relay.token());
			assertThat(details.getBaseUrl()).isEqualTo(relay.baseUrl());
			assertThat(details.getWebSocketUrl()).isNull();
		});
	}

	@Test
	void keepsTheStoreInATemporaryDirectoryThatIsDeletedAtTheEnd() {
		Path[] root = new Path[1];
		this.contextRunner.withPropertyValues("pacerelle.dev-relay.enabled=true").run((context) -> {
			root[0] = context.getBean(DevStoreRoot.class).path();
			assertThat(root[0].resolve("dev-agent")).isDirectory();
			assertThat(root[0].toString()).startsWith(System.getProperty("java.io.tmpdir"));
		});
		assertThat(root[0]).doesNotExist();
	}

	@Test
	void keepsTheStoreForTheNextRunWhenAskedTo(@TempDir Path root) {
		this.contextRunner
			.withPropertyValues("pacerelle.dev-relay.enabled=true", "pacerelle.dev-relay.store-root=" + root)
			.run((context) -> assertThat(context).hasSingleBean(AgentStore.class));
		assertThat(root.resolve("dev-agent")).isDirectory();
	}

	@Test
	void theChatGoesOnWhenDeveloperToolsStartTheApplicationAgain() {
		Map<String, Object> surviving = new ConcurrentHashMap<>();
		ApplicationContextRunner runner = development()
			.withBean(AgentMessageHandler.class,
					() -> (message, conversation) -> Mono.just(new Reply("Received: " + message.text())))
			.withInitializer((context) -> context.getBeanFactory().registerScope("restart", scope(surviving)));
		runner.run((context) -> {
			Person alice = context.getBean(DevRelay.class).person("alice", "conversation", "phone");
			context.getBean(AgentGatewayClient.class).connected().block(PATIENCE);
			alice.reply(alice.send("before")).block(PATIENCE);
		});
		assertThat(surviving).containsOnlyKeys("devRelay", "devStoreRoot");
		try (DevRelay relay = (DevRelay) surviving.get("devRelay");
				DevStoreRoot root = (DevStoreRoot) surviving.get("devStoreRoot")) {
			assertThat(root.path()).isDirectory();
			Person alice = relay.person("alice", "conversation", "phone");
			String id = alice.send("during");
			runner.run((context) -> {
				assertThat(context.getBean(DevRelay.class)).isSameAs(relay);
				assertThat(alice.reply(id).block(PATIENCE)).extracting(ReceivedMessage::text)
					.isEqualTo("Received: during");
				assertThat(alice.identityChanged()).isFalse();
			});
			assertThat(relay.violations()).isEmpty();
		}
		runner.withPropertyValues("pacerelle.test.enabled=true")
			.run((context) -> assertThat(context.getBean(DevRelay.class)).isNotSameAs(surviving.get("devRelay")));
	}

	/** As that of the tools: what it has stays. */
	private static Scope scope(Map<String, Object> surviving) {
		return new Scope() {

			@Override
			public Object get(String name, ObjectFactory<?> objectFactory) {
				return surviving.computeIfAbsent(name, (added) -> objectFactory.getObject());
			}

			@Override
			public @Nullable Object remove(String name) {
				return surviving.remove(name);
			}

			@Override
			public void registerDestructionCallback(String name, Runnable callback) {
			}

		};
	}

	@Test
	void settingsOfTheApplicationConnectToThePagesRelay() {
		development()
			.withBean(AgentGatewaySettings.class,
					() -> AgentGatewaySettings.builder("real-agent", "real-token")
						.storeRoot(Path.of("target", "real"))
						.connection((connection) -> connection.baseUrl(URI.create("https://relay.example.com"))
							.webSocketUrl(URI.create("wss://relay.example.com")))
						.handling((handling) -> handling.attempts(7))
						.build())
			.run((context) -> {
				AgentGatewaySettings settings = context.getBean(AgentGatewaySettings.class);
				DevRelay relay = context.getBean(DevRelay.class);
				assertThat(settings.agentId()).isEqualTo(relay.agentId());
				assertThat(settings.token()).isEqualTo(relay.token());
				assertThat(settings.connection().baseUrl()).isEqualTo(relay.baseUrl());
				assertThat(settings.connection().webSocketUrl().getPort()).isEqualTo(relay.baseUrl().getPort());
				assertThat(settings.handling().attempts()).isEqualTo(7);
				context.getBean(AgentGatewayClient.class).connected().block(PATIENCE);
				assertThat(relay.isAgentConnected()).isTrue();
			});
	}

	@Test
	void customizersDoNotLeadItElsewhere() {
		development()
			.withBean(AgentGatewaySettingsBuilderCustomizer.class,
					() -> (builder) -> builder
						.connection((connection) -> connection.baseUrl(URI.create("https://relay.example.com"))))
			.run((context) -> assertThat(context.getBean(AgentGatewaySettings.class).connection().baseUrl())
				.isEqualTo(context.getBean(DevRelay.class).baseUrl()));
	}

	@Test
	void connectionDetailsOfTheApplicationAreNotUsed() {
		development().withUserConfiguration(RealConnection.class)
			.run((context) -> assertThat(context.getBean(AgentGatewaySettings.class).agentId())
				.isEqualTo(context.getBean(DevRelay.class).agentId()));
	}

	@Test
	void theStoreOfTheApplicationIsNotOpened() {
		development().withUserConfiguration(RealStore.class)
			.run((context) -> assertThat(context).hasNotFailed()
				.getBean(AgentGatewayClient.class)
				.satisfies((client) -> client.connected().block(PATIENCE)));
	}

	@Test
	void installationsUnderTheHomeDirectoryDoNotStart(@TempDir Path home) {
		new FileInstallationRepository(home.resolve("installations.json"))
			.save(new Installation("installed-agent", "alice", "conversation", "installation-token"));
		development().withConfiguration(AutoConfigurations.of(PacerelleConnectAutoConfiguration.class))
			.withPropertyValues("pacerelle.store.root=" + home, "pacerelle.connect.client-id=client",
					"pacerelle.connect.connect-key=key", "pacerelle.connect.agent-name=Agent",
					"pacerelle.connect.redirect-uri=https://app.example.com/callback")
			.run((context) -> {
				assertThat(context.getBean(InstalledAgents.class).agentIds()).isEmpty();
				assertThat(context.getBean(InstallationRepository.class).findAll()).isEmpty();
				// The relay of the run has no Agent Connect, and no other one is asked.
				assertThatThrownBy(() -> context.getBean(AgentConnect.class).begin().block(PATIENCE))
					.hasMessageContaining("HTTP status 404");
			});
	}

	@Test
	void aClientOfTheApplicationIsRefused() {
		development().withBean("ownClient", AgentGatewayClient.class, () -> {
			throw new AssertionError("created");
		})
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("'ownClient' of type AgentGatewayClient"));
	}

	private ApplicationContextRunner development() {
		return this.contextRunner.withConfiguration(AutoConfigurations.of(PacerelleAutoConfiguration.class))
			.withPropertyValues("pacerelle.dev-relay.enabled=true");
	}

	@Test
	void answersInADevelopmentRunAndSaysWhereThePageIs(CapturedOutput output) {
		try (ConfigurableApplicationContext context = SpringApplication.run(EchoApplication.class,
				"--pacerelle.dev-relay.enabled=true", "--spring.main.banner-mode=off", "--logging.level.root=warn")) {
			DevRelay relay = context.getBean(DevRelay.class);
			String code = context.getBean(AgentGatewayClient.class).verificationCode();
			assertThat(output.getOut()).contains(relay.baseUrl() + "/", "end-to-end encrypted", code.substring(0, 39),
					code.substring(40));
			context.getBean(AgentGatewayClient.class).connected().block(PATIENCE);
			Person alice = relay.person("alice", "conversation", "phone");
			ReceivedMessage reply = alice.reply(alice.send("hello")).block(PATIENCE);
			assertThat(reply).extracting(ReceivedMessage::text).isEqualTo("Received: hello");
			assertThat(alice.verificationCode()).isEqualTo(code);
			assertThat(relay.violations()).isEmpty();
			assertThat(output).doesNotContain(relay.token());
			assertThat(Path.of(System.getProperty("user.home"), ".pacerelle", "dev-agent")).doesNotExist();
		}
	}

	@SpringBootApplication
	static class EchoApplication {

		@PacerelleHandler
		String echo(AgentMessage message) {
			return "Received: " + message.text();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RealConnection {

		@Bean
		@Primary
		PacerelleConnectionDetails realConnection() {
			throw new AssertionError("created");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RealStore {

		@Bean
		AgentStore realStore() {
			throw new AssertionError("created");
		}

	}

}
