package com.pacerelle.client.connect;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must not be told or guessed.
 */
class AgentConnectSecrecyTests {

	@Test
	void descriptionsHaveNoSecrets() {
		assertThat(new AgentConnectSettings(URI.create("https://relay.example"), "client-1", "s3cret",
				URI.create("https://example.com"), "Echo", ""))
			.hasToString("AgentConnectSettings[baseUrl=https://relay.example, clientId=client-1, "
					+ "redirectUri=https://example.com]");
		assertThat(new AuthorizationSecrets("s3cret", "s3cret")).hasToString("AuthorizationSecrets[***]");
		assertThat(new AgentConnectStart("s3cret", URI.create("https://app.example/s3cret"),
				Instant.parse("2026-11-21T07:00:00Z"), Duration.ofMinutes(10), "s3cret", "s3cret"))
			.hasToString("AgentConnectStart[expiresAt=2026-11-21T07:00:00Z]");
		assertThat(new InstallationToken("s3cret", "Bearer", "agent-1", "alice", "c-1", "scope"))
			.hasToString("InstallationToken[agentId=agent-1]");
		assertThat(new RuntimeToken("agent-1", "alice", "c-1", "s3cret", Duration.ofHours(1)))
			.hasToString("RuntimeToken[agentId=agent-1, expiresIn=PT1H]");
	}

	@Test
	void secretsAreAsLongAsThoseOfThePublishedSdkAndNeverTheSame() {
		SecureRandom random = new SecureRandom();
		Set<String> seen = new HashSet<>();
		for (int i = 0; i < 100; i++) {
			AuthorizationSecrets secrets = AuthorizationSecrets.generate(random);
			assertThat(secrets.state()).matches("[A-Za-z0-9_-]{43}");
			assertThat(secrets.codeVerifier()).matches("[A-Za-z0-9_-]{86}");
			assertThat(seen.add(secrets.state()) && seen.add(secrets.codeVerifier())).isTrue();
		}
	}

	@Test
	void stateIsCompared() {
		AuthorizationSecrets secrets = new AuthorizationSecrets("state", "verifier");
		assertThat(secrets.hasState("state")).isTrue();
		assertThat(secrets.hasState("stat")).isFalse();
		assertThat(secrets.hasState("")).isFalse();
		assertThat(secrets.hasState("verifier")).isFalse();
	}

}
