package com.pacerelle.sample;

import java.net.URI;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whoever is between the agent and a relay on another machine gets no token.
 */
class TransportIT {

	private static final RelayAccess RELAY = new RelayAccess("agent-1", "token-1", URI.create("https://relay.invalid"));

	@ParameterizedTest
	@ValueSource(strings = { "pacerelle.base-url=http://relay.invalid", "pacerelle.web-socket-url=ws://relay.invalid",
			"pacerelle.base-url=http://192.168.1.5:8080" })
	void addressesWithoutEncryptionAreRefusedAtStart(String property) {
		try (AgentProcess agent = AgentProcess.sample(RELAY, "--" + property).start()) {
			await().atMost(Duration.ofMinutes(2)).until(() -> !agent.isRunning());
			assertThat(agent.log()).contains("APPLICATION FAILED TO START", property.split("=")[0],
					"pacerelle.allow-insecure-transport");
		}
	}

	@Test
	void theyAreUsedLoudlyWhenTheOperatorAllowsThem() {
		try (AgentProcess agent = AgentProcess
			.sample(RELAY, "--pacerelle.base-url=http://relay.invalid", "--pacerelle.allow-insecure-transport=true")
			.start()) {
			agent.awaitLog("keeps trying");
			assertThat(agent.log()).containsPattern("WARN .*TRANSPORT ENCRYPTION IS OFF");
			assertThat(agent.isRunning()).isTrue();
		}
	}

}
