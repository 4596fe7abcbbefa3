package com.pacerelle.spring.boot.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.TransportSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	@ParameterizedTest
	@CsvSource(textBlock = """
			base-url, ftp://wrong
			web-socket-url, ftp://wrong
			store.root, wr\0ng
			max-frame-size, 64B
			max-frame-size, 3GB
			ping-interval, 0s
			pong-timeout, 0s
			connect-timeout, 0s
			reconnect.min-backoff, 0s
			reconnect.max-backoff, 1ms
			reconnect.token-refused-backoff, 0s
			concurrency, 0
			queue-capacity, 0
			handler.attempts, 0
			handler.backoff, -1s
			handler.timeout, -1s
			files.max-size, -1B
			files.accepted-types, wrong
			""")
	void anInvalidSettingIsNamedAsTheProperty(String property, String value) {
		Map<String, String> values = new HashMap<>(CREDENTIALS);
		values.put("pacerelle." + property, value);
		assertThatExceptionOfType(PacerelleConfigurationException.class).isThrownBy(() -> settings(values))
			.withMessageMatching("'pacerelle\\." + property.replace(".", "\\.") + "'.* must .*\\.")
			.withMessageNotContaining("ftp");
	}

	@ParameterizedTest
	@CsvSource({ "agent-id, PACERELLE_AGENT_ID", "token, PACERELLE_AGENT_TOKEN" })
	void aCredentialFromElsewhereIsNamedAsTheProperty(String property, String variable) {
		PacerelleConnectionDetails details = new PacerelleConnectionDetails() {

			@Override
			public String getAgentId() {
				return property.equals("agent-id") ? "not valid" : "agent-1";
			}

			@Override
			public String getToken() {
				return property.equals("token") ? "not valid" : "s3cr3t";
			}

			@Override
			public URI getBaseUrl() {
				return URI.create("https://api.pacerelle.com");
			}

		};
		assertThatExceptionOfType(PacerelleConfigurationException.class)
			.isThrownBy(() -> new SettingsMapper(bind(CREDENTIALS)).map(details, TransportSettings.DEFAULT, false))
			.withMessageStartingWith("'pacerelle.%s' (environment variable %s) must not contain white space"
				.formatted(property, variable));
	}

	private static AgentGatewaySettings settings(Map<String, String> values) {
		PacerelleProperties properties = bind(values);
		return new SettingsMapper(properties).map(new PropertiesPacerelleConnectionDetails(properties),
				TransportSettings.DEFAULT, false);
	}

	private static PacerelleProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("pacerelle",
				PacerelleProperties.class);
	}

}
