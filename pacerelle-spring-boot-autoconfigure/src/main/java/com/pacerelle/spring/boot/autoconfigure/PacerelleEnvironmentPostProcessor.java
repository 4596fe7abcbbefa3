package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.log.LogMessage;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Makes the documented environment variables work without mapping, also those whose names
 * do not bind by themselves, and reads them from the {@code .env} file that the app
 * offers.
 * <p>
 * Variables of the environment have the precedence that they always have: above
 * {@code application.properties}. Those of the file have the lowest one. The file is only
 * asked for the documented names.
 * <p>
 * Unless the application names a file, it is not read in tests: a test in the directory
 * of a developer must not become the agent that the developer uses. That a file has to be
 * named everywhere would not do: the tests read {@code application.properties} as well.
 */
final class PacerelleEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	/** After the application's own files, which may say where the file is. */
	static final int ORDER = ConfigDataEnvironmentPostProcessor.ORDER + 1;

	private static final String SYSTEM_ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

	/** Whoever has one of these on the class path runs tests. */
	private static final List<String> TEST_FRAMEWORKS = List.of("org.springframework.test.context.TestContextManager",
			"org.junit.platform.engine.TestEngine");

	private static final Map<String, String> PROPERTIES = Map.of("PACERELLE_AGENT_ID", "pacerelle.agent-id",
			"PACERELLE_AGENT_TOKEN", "pacerelle.token", "PACERELLE_BASE_URL", "pacerelle.base-url", "PACERELLE_WS_URL",
			"pacerelle.web-socket-url", "PACERELLE_STORE_ROOT", "pacerelle.store.root");

	private final Log logger;

	PacerelleEnvironmentPostProcessor(DeferredLogFactory logFactory) {
		this.logger = logFactory.getLog(PacerelleEnvironmentPostProcessor.class);
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		addVariables(environment.getPropertySources());
		String location = environment.getProperty("pacerelle.dotenv");
		if (!"false".equalsIgnoreCase(environment.getProperty("pacerelle.enabled"))
				&& ((location != null) ? StringUtils.hasText(location) : !isTest(application.getClassLoader()))) {
			addFile(environment.getPropertySources(), location);
		}
	}

	private static boolean isTest(ClassLoader classLoader) {
		return TEST_FRAMEWORKS.stream().anyMatch((type) -> ClassUtils.isPresent(type, classLoader));
	}

	private void addVariables(MutablePropertySources sources) {
		PropertySource<?> systemEnvironment = sources.get(SYSTEM_ENVIRONMENT);
		if (systemEnvironment == null) {
			return;
		}
		Map<String, Object> properties = new HashMap<>();
		PROPERTIES.forEach((variable, property) -> {
			Object value = systemEnvironment.getProperty(variable);
			if (value != null) {
				properties.put(property, value);
			}
		});
		sources.addAfter(SYSTEM_ENVIRONMENT, new MapPropertySource("pacerelleEnvironment", properties));
	}

	private void addFile(MutablePropertySources sources, @Nullable String location) {
		Path file = Path.of((location != null) ? location : ".env").toAbsolutePath();
		// A directory of this name is a virtual environment of Python, not for us.
		if (!Files.isRegularFile(file)) {
			if (location != null) {
				throw new PacerelleConfigurationException(
						"The file of 'pacerelle.dotenv', " + file + ", does not exist.",
						"Correct the path, or remove the property: the file '.env' is read when there is one.");
			}
			return;
		}
		Map<String, String> variables = new DotenvFile(file).read(PROPERTIES.keySet());
		if (!variables.isEmpty()) {
			Map<String, Object> properties = new HashMap<>(variables);
			variables.forEach((variable, value) -> properties.put(PROPERTIES.get(variable), value));
			sources.addLast(new MapPropertySource("pacerelleDotenv", properties));
			this.logger.info(LogMessage.format("Read %s from %s", String.join(", ", variables.keySet()), file));
		}
	}

}
