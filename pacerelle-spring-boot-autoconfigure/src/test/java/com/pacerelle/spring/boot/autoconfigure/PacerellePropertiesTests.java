package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.util.Map;

import com.pacerelle.client.AgentGatewaySettings;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PacerelleProperties} and what they become.
 */
class PacerellePropertiesTests {

	private static final Map<String, String> CREDENTIALS = Map.of("pacerelle.agent-id", "agent-1", "pacerelle.token",
			"s3cr3t");

	@Test
	void theTokenIsNotPrinted() {
		assertThat(bind(CREDENTIALS)).hasToString("PacerelleProperties[agentId=agent-1]");
	}

	@Test
	void theDefaultsAreThoseOfTheClient() {
		assertThat(settings(CREDENTIALS)).isEqualTo(AgentGatewaySettings.builder("agent-1", "s3cr3t").build());
	}

	@Test
	void anEmptyVariableCountsAsOneThatIsNotSet() {
		assertThat(settings(Map.of("pacerelle.agent-id", "agent-1", "pacerelle.token", "s3cr3t", "pacerelle.base-url",
				"", "pacerelle.web-socket-url", "", "pacerelle.store.root", "")))
			.isEqualTo(settings(CREDENTIALS));
	}

	@Test
	void aTildeIsTheHomeDirectory() {
		assertThat(settings(Map.of("pacerelle.agent-id", "agent-1", "pacerelle.token", "s3cr3t", "pacerelle.store.root",
				"~/agents"))
			.storeRoot()).isEqualTo(Path.of(System.getProperty("user.home"), "agents"));
	}

	private static AgentGatewaySettings settings(Map<String, String> values) {
		PacerelleProperties properties = bind(values);
		return new SettingsMapper(properties).map(new PropertiesPacerelleConnectionDetails(properties), false);
	}

	private static PacerelleProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("pacerelle",
				PacerelleProperties.class);
	}

}
