package com.pacerelle.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PacerelleEnvironmentPostProcessor} in applications that start.
 */
@ExtendWith(OutputCaptureExtension.class)
class PacerelleEnvironmentPostProcessorTests {

	private final Map<String, Object> variables = new HashMap<>();

	@TempDir
	Path directory;

	@Test
	void theDocumentedVariablesNeedNoMapping() {
		this.variables.put("PACERELLE_AGENT_ID", "agent");
		this.variables.put("PACERELLE_AGENT_TOKEN", "secret");
		this.variables.put("PACERELLE_BASE_URL", "http://localhost:1");
		this.variables.put("PACERELLE_WS_URL", "ws://localhost:2");
		this.variables.put("PACERELLE_STORE_ROOT", "/store");
		PacerelleProperties properties = properties();
		assertThat(properties.agentId()).isEqualTo("agent");
		assertThat(properties.token()).isEqualTo("secret");
		assertThat(properties.baseUrl()).isEqualTo("http://localhost:1");
		assertThat(properties.webSocketUrl()).isEqualTo("ws://localhost:2");
		assertThat(properties.store().root()).isEqualTo("/store");
	}

	@Test
	void theVariablesOfTheFileNeedNoMapping(CapturedOutput output) throws IOException {
		Path file = write("""
				export PACERELLE_AGENT_ID="agent"
				PACERELLE_AGENT_TOKEN=secret
				PACERELLE_BASE_URL=http://localhost:1
				PACERELLE_WS_URL=ws://localhost:2
				PACERELLE_STORE_ROOT=/store
				PACERELLE_E2EE=false
				PACERELLE_FAIL_FAST=true
				""");
		PacerelleProperties properties = properties("--pacerelle.dotenv=" + file);
		assertThat(properties.agentId()).isEqualTo("agent");
		assertThat(properties.token()).isEqualTo("secret");
		assertThat(properties.baseUrl()).isEqualTo("http://localhost:1");
		assertThat(properties.webSocketUrl()).isEqualTo("ws://localhost:2");
		assertThat(properties.store().root()).isEqualTo("/store");
		assertThat(properties.e2ee()).isTrue();
		assertThat(properties.failFast()).isFalse();
		assertThat(output).contains("Read PACERELLE_AGENT_ID, PACERELLE_AGENT_TOKEN, ")
			.contains(file.toString())
			.doesNotContain("secret");
	}

	@Test
	void variablesOfTheEnvironmentWinOverThoseOfTheFile() throws IOException {
		this.variables.put("PACERELLE_AGENT_TOKEN", "from the environment");
		Path file = write("PACERELLE_AGENT_ID=agent\nPACERELLE_AGENT_TOKEN=from the file\n");
		PacerelleProperties properties = properties("--pacerelle.dotenv=" + file);
		assertThat(properties.agentId()).isEqualTo("agent");
		assertThat(properties.token()).isEqualTo("from the environment");
	}

	@Test
	void propertiesOfTheApplicationWinOverTheFile() throws IOException {
		Path file = write("PACERELLE_AGENT_TOKEN=from the file\n");
		Path application = Files.writeString(this.directory.resolve("application.properties"),
				"pacerelle.token=from the application\n");
		PacerelleProperties properties = properties("--pacerelle.dotenv=" + file,
				"--spring.config.additional-location=file:" + application);
		assertThat(properties.token()).isEqualTo("from the application");
	}

	@Test
	void bothCredentialsOfTheEnvironmentWinOverTheApplicationsFiles() throws IOException {
		this.variables.put("PACERELLE_AGENT_ID", "from the environment");
		this.variables.put("PACERELLE_AGENT_TOKEN", "from the environment");
		Path application = Files.writeString(this.directory.resolve("application.properties"),
				"pacerelle.agent-id=from the application\npacerelle.token=from the application\n");
		PacerelleProperties properties = properties("--spring.config.additional-location=file:" + application);
		assertThat(properties.agentId()).isEqualTo("from the environment");
		assertThat(properties.token()).isEqualTo("from the environment");
	}

	@Test
	void theCommandLineWinsOverTheEnvironment() {
		this.variables.put("PACERELLE_AGENT_TOKEN", "from the environment");
		assertThat(properties("--pacerelle.token=from the command line").token()).isEqualTo("from the command line");
	}

	@Test
	void propertiesMayReferToTheVariablesOfTheFile() throws IOException {
		Path file = write("PACERELLE_AGENT_TOKEN=secret\n");
		assertThat(properties("--pacerelle.dotenv=" + file, "--pacerelle.token=${PACERELLE_AGENT_TOKEN}").token())
			.isEqualTo("secret");
	}

	@Test
	void theApplicationsFilesMaySayWhereTheFileIs() throws IOException {
		Path file = write("PACERELLE_AGENT_TOKEN=secret\n");
		Path application = Files.writeString(this.directory.resolve("application.properties"),
				"pacerelle.dotenv=" + file + "\n");
		assertThat(properties("--spring.config.additional-location=file:" + application).token()).isEqualTo("secret");
	}

	@Test
	void anEmptyLocationReadsNoFile() {
		assertThat(properties("--pacerelle.dotenv=").token()).isNull();
	}

	@Test
	void theFileOfTheWorkingDirectoryIsReadInTheApplicationButNotInTests() throws IOException {
		// The working directory of a process does not change: this is a file of the test.
		Path file = Files.writeString(Path.of(".env").toAbsolutePath(), "PACERELLE_AGENT_TOKEN=secret\n",
				StandardOpenOption.CREATE_NEW);
		try {
			assertThat(properties().token()).isNull();
			assertThat(properties("--pacerelle.dotenv=.env").token()).isEqualTo("secret");
			assertThat(token(new FilteredClassLoader("org.springframework.test", "org.junit"))).isEqualTo("secret");
			assertThat(token(new FilteredClassLoader("org.springframework.test"))).isNull();
			assertThat(token(new FilteredClassLoader("org.junit"))).isNull();
		}
		finally {
			Files.delete(file);
		}
	}

	@Test
	void aFileThatWasAskedForHasToBeThere() {
		assertThatExceptionOfType(PacerelleConfigurationException.class)
			.isThrownBy(() -> properties("--pacerelle.dotenv=" + this.directory.resolve("absent")))
			.withMessageContaining("'pacerelle.dotenv'")
			.withMessageContaining("absent");
	}

	@Test
	void nothingIsReadWhenTheAgentIsSwitchedOff() {
		properties("--pacerelle.enabled=false", "--pacerelle.dotenv=" + this.directory.resolve("absent"));
	}

	private static @Nullable String token(ClassLoader classLoader) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		SpringApplication application = new SpringApplication(new DefaultResourceLoader(classLoader));
		new PacerelleEnvironmentPostProcessor(Supplier::get).postProcessEnvironment(environment, application);
		return environment.getProperty("pacerelle.token");
	}

	private Path write(String content) throws IOException {
		return Files.writeString(this.directory.resolve(".env"), content);
	}

	private PacerelleProperties properties(String... args) {
		SpringApplication application = new SpringApplication(PropertiesConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setEnvironment(new StandardEnvironment() {

			@Override
			protected void customizePropertySources(MutablePropertySources sources) {
				sources.addLast(new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						PacerelleEnvironmentPostProcessorTests.this.variables));
			}

		});
		try (ConfigurableApplicationContext context = application.run(args)) {
			return context.getBean(PacerelleProperties.class);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(PacerelleProperties.class)
	static class PropertiesConfiguration {

	}

}
