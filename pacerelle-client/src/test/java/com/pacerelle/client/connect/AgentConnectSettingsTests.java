package com.pacerelle.client.connect;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AgentConnectSettingsTests {

	@ParameterizedTest
	@ValueSource(strings = { "https://api.pacerelle.com", "https://relay.example:8443/base", "http://localhost:8080",
			"http://127.0.0.1:8080", "http://[::1]:8080", "HTTP://LOCALHOST" })
	void relayIsReachedWithHttpsUnlessItIsOnThisMachine(String address) {
		assertThat(settings(address + "//").baseUrl()).hasToString(address);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://relay.example", "http://127.0.0.1.example", "http://localhost.example",
			"ws://localhost", "https:///path", "https://me@relay.example", "https://relay.example?x=1",
			"https://relay.example#x", "relay.example" })
	void otherAddressesAreRefusedByName(String address) {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(address))
			.withMessageStartingWith("'baseUrl' must be an https address");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "s3cret key", "s3cret\n", "s3crét" })
	void credentialsThatCannotBeRightAreRefusedByName(String value) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new AgentConnectSettings(URI.create("https://relay.example"), value, "key",
					URI.create("https://example.com"), "Echo", ""))
			.withMessageStartingWith("'clientId' must")
			.withMessageNotContaining("s3cr");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new AgentConnectSettings(URI.create("https://relay.example"), "client", value,
					URI.create("https://example.com"), "Echo", ""))
			.withMessageStartingWith("'connectKey' must")
			.withMessageNotContaining("s3cr");
	}

	@Test
	void redirectAddressAndNameAreChecked() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new AgentConnectSettings(URI.create("https://relay.example"), "client", "key",
					URI.create("/installed"), "Echo", ""))
			.withMessageStartingWith("'redirectUri' must");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new AgentConnectSettings(URI.create("https://relay.example"), "client", "key",
					URI.create("https://example.com/#x"), "Echo", ""))
			.withMessageStartingWith("'redirectUri' must");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new AgentConnectSettings(URI.create("https://relay.example"), "client", "key",
					URI.create("https://example.com"), " ", ""))
			.withMessageStartingWith("'agentName' must");
	}

	private static AgentConnectSettings settings(String baseUrl) {
		return new AgentConnectSettings(URI.create(baseUrl), "client", "key", URI.create("https://example.com"), "Echo",
				"");
	}

}
