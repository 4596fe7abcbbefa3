package com.pacerelle.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import com.pacerelle.client.http.AgentToken;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AgentGatewaySettingsTests {

	@Test
	void defaultsAreThoseOfTheProtocol() {
		AgentGatewaySettings settings = builder().build();
		assertThat(settings.storeRoot()).isEqualTo(Path.of(System.getProperty("user.home"), ".pacerelle"));
		assertThat(settings.encrypted()).isTrue();
		assertThat(settings.connection()).isEqualTo(new ConnectionSettings.Builder().build());
		assertThat(settings.handling()).isEqualTo(new HandlingSettings.Builder().build());
		assertThat(settings.files()).isEqualTo(new FileSettings.Builder().build());
	}

	@Test
	void changesOfAGroupAddUp() {
		AgentGatewaySettings settings = builder().connection((connection) -> connection.maxFrameSize(100_000))
			.connection((connection) -> connection.pingInterval(Duration.ofSeconds(1)))
			.build();
		assertThat(settings.connection().maxFrameSize()).isEqualTo(100_000);
		assertThat(settings.connection().pingInterval()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void tokenIsEncodedAndNotInTheSocketAddress() {
		AgentGatewaySettings settings = AgentGatewaySettings.builder("agent", "a+b/c=&d").build();
		assertThat(settings.connection().socketAddress()).hasToString("wss://api.pacerelle.com/ws/agent");
		assertThat(new AgentToken(settings.token()).encoded()).isEqualTo("a%2Bb%2Fc%3D%26d");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "with space", "with\nnewline" })
	void credentialsThatCannotBeRightAreRefusedByName(String value) {
		assertRefused("token", () -> AgentGatewaySettings.builder("agent", value).build());
		assertRefused("token", () -> builder().build().mutate().token(value).build());
		assertRefused("agentId", () -> AgentGatewaySettings.builder(value, "token").build());
	}

	@Test
	void mutatingKeepsWhatIsNotSetAnew() {
		AgentGatewaySettings settings = builder().storeRoot(Path.of("elsewhere"))
			.encrypted(false)
			.observationRegistry(ObservationRegistry.create())
			.connection((connection) -> connection.baseUrl(URI.create("http://localhost:1"))
				.transport(new TransportSettings(true, null, null))
				.maxFrameSize(100_000)
				.pingInterval(Duration.ofSeconds(1))
				.pongTimeout(Duration.ofSeconds(2))
				.connectTimeout(Duration.ofSeconds(3))
				.minBackoff(Duration.ofSeconds(4))
				.maxBackoff(Duration.ofSeconds(5))
				.tokenRefusedBackoff(Duration.ofSeconds(6)))
			.handling((handling) -> handling.concurrency(1)
				.queueCapacity(2)
				.attempts(4)
				.backoff(Duration.ofSeconds(7))
				.noRetryFor(Set.of(IOException.class))
				.maxDeadLetters(5)
				.deadLetterRetention(Duration.ofDays(8))
				.logExceptionMessages(true)
				.timeout(Duration.ofSeconds(9))
				.virtualThreads(true)
				.newDevice(NewDevicePolicy.APPROVE))
			.files((files) -> files.maxSize(6).acceptedTypes(List.of(".pdf")))
			.build();
		assertThat(settings.mutate().build()).isEqualTo(settings);
		AgentGatewaySettings moved = settings.mutate()
			.token("next")
			.connection((connection) -> connection.baseUrl(URI.create("http://localhost:2")))
			.build();
		assertThat(moved.token()).isEqualTo("next");
		assertThat(moved.connection().webSocketUrl()).hasToString("ws://localhost:2");
		assertThat(moved.handling()).isEqualTo(settings.handling());
	}

	@Test
	void tokenIsNotInTheDescription() {
		assertThat(builder().build().toString()).contains("agent-1").doesNotContain("s3cret");
	}

	private static void assertRefused(String setting, ThrowingCallable settings) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(settings)
			.withMessageStartingWith("'" + setting + "' must not")
			.withMessageContaining("copy it from the agent's settings in the app")
			.satisfies((failure) -> assertThat(failure.setting()).isEqualTo(setting));
	}

	private static AgentGatewaySettings.Builder builder() {
		return AgentGatewaySettings.builder("agent-1", "s3cret");
	}

}
