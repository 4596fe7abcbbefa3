package com.pacerelle.dev.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import com.pacerelle.spring.boot.autoconfigure.PacerelleConnectionDetails;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

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

}
