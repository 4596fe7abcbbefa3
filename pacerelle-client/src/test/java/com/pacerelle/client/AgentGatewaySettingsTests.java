package com.pacerelle.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AgentGatewaySettingsTests {

	@Test
	void defaultsAreThoseOfTheProtocol() {
		AgentGatewaySettings settings = builder().build();
		assertThat(settings.baseUrl()).hasToString("https://api.pacerelle.com");
		assertThat(settings.webSocketUrl()).hasToString("wss://api.pacerelle.com");
		assertThat(settings.storeRoot()).isEqualTo(Path.of(System.getProperty("user.home"), ".pacerelle"));
		assertThat(settings.encrypted()).isTrue();
		assertThat(settings.maxFrameSize()).isEqualTo(16 * 1024 * 1024);
		assertThat(settings.pingInterval()).isEqualTo(Duration.ofSeconds(15));
	}

	@ParameterizedTest
	@CsvSource({ "https://relay.example/, wss://relay.example", "http://localhost:8080//, ws://localhost:8080",
			"HTTPS://relay.example/base/, wss://relay.example/base" })
	void webSocketUrlFollowsTheBaseUrlWithoutTrailingSlashes(String baseUrl, String webSocketUrl) {
		AgentGatewaySettings settings = builder().baseUrl(URI.create(baseUrl)).build();
		assertThat(settings.webSocketUrl()).hasToString(webSocketUrl);
		assertThat(settings.baseUrl().toString()).doesNotEndWith("/");
	}

	@Test
	void webSocketUrlCanBeSet() {
		AgentGatewaySettings settings = builder().webSocketUrl(URI.create("ws://localhost:9090/")).build();
		assertThat(settings.webSocketUrl()).hasToString("ws://localhost:9090");
	}

	@Test
	void tokenIsEncodedAndNotInTheSocketAddress() {
		AgentGatewaySettings settings = AgentGatewaySettings.builder("agent", "a+b/c=&d").build();
		assertThat(settings.socketAddress()).isEqualTo("wss://api.pacerelle.com/ws/agent");
		assertThat(new AgentToken(settings.token()).encoded()).isEqualTo("a%2Bb%2Fc%3D%26d");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "with space", "with\nnewline" })
	void credentialsThatCannotBeRightAreRefusedByName(String value) {
		assertThatIllegalArgumentException().isThrownBy(() -> AgentGatewaySettings.builder("agent", value).build())
			.withMessageStartingWith("'token' must not")
			.withMessageContaining("copy it from the agent's settings in the app");
		assertThatIllegalArgumentException().isThrownBy(() -> AgentGatewaySettings.builder(value, "token").build())
			.withMessageStartingWith("'agentId' must not");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ftp://relay.example", "relay.example", "https:///path", "https://me@relay.example",
			"https://relay.example?x=1", "https://relay.example#x", "wss://relay.example" })
	void addressesThatCannotBeRightAreRefusedByName(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().baseUrl(URI.create(url)).build())
			.withMessageStartingWith("'baseUrl' must be an address such as https://api.pacerelle.com");
	}

	@Test
	void numbersAndTimesOutOfRangeAreRefusedByName() {
		assertRefused("maxFrameSize", (settings) -> settings.maxFrameSize(65_535));
		assertRefused("concurrency", (settings) -> settings.concurrency(0));
		assertRefused("queueCapacity", (settings) -> settings.queueCapacity(0));
		assertRefused("pingInterval", (settings) -> settings.pingInterval(Duration.ZERO));
		assertRefused("pongTimeout", (settings) -> settings.pongTimeout(Duration.ofSeconds(-1)));
		assertRefused("connectTimeout", (settings) -> settings.connectTimeout(Duration.ZERO));
		assertRefused("minBackoff", (settings) -> settings.minBackoff(Duration.ZERO));
		assertRefused("maxBackoff", (settings) -> settings.maxBackoff(Duration.ofMillis(1)));
		assertRefused("tokenRefusedBackoff", (settings) -> settings.tokenRefusedBackoff(Duration.ZERO));
		assertRefused("handlerAttempts", (settings) -> settings.handlerAttempts(0));
		assertRefused("handlerBackoff", (settings) -> settings.handlerBackoff(Duration.ofMillis(-1)));
		assertRefused("maxFileSize", (settings) -> settings.maxFileSize(-1));
		assertRefused("acceptedFileTypes", (settings) -> settings.acceptedFileTypes(List.of("pdf")));
	}

	@Test
	void tokenIsNotInTheDescription() {
		assertThat(builder().build().toString()).contains("agent-1").doesNotContain("s3cret");
	}

	private static void assertRefused(String name, UnaryOperator<AgentGatewaySettings.Builder> change) {
		assertThatIllegalArgumentException().isThrownBy(() -> change.apply(builder()).build())
			.withMessageStartingWith("'" + name + "' must");
	}

	private static AgentGatewaySettings.Builder builder() {
		return AgentGatewaySettings.builder("agent-1", "s3cret");
	}

}
