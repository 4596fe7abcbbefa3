package com.pacerelle.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConnectionSettingsTests {

	@Test
	void defaultsAreThoseOfTheProtocol() {
		ConnectionSettings settings = builder().build();
		assertThat(settings.baseUrl()).hasToString("https://api.pacerelle.com");
		assertThat(settings.webSocketUrl()).hasToString("wss://api.pacerelle.com");
		assertThat(settings.maxFrameSize()).isEqualTo(16 * 1024 * 1024);
		assertThat(settings.pingInterval()).isEqualTo(Duration.ofSeconds(15));
	}

	@ParameterizedTest
	@CsvSource({ "https://relay.example/, wss://relay.example", "http://localhost:8080//, ws://localhost:8080",
			"HTTPS://relay.example/base/, wss://relay.example/base" })
	void webSocketUrlFollowsTheBaseUrlWithoutTrailingSlashes(String baseUrl, String webSocketUrl) {
		ConnectionSettings settings = builder().baseUrl(URI.create(baseUrl)).build();
		assertThat(settings.webSocketUrl()).hasToString(webSocketUrl);
		assertThat(settings.baseUrl().toString()).doesNotEndWith("/");
	}

	@Test
	void webSocketUrlCanBeSet() {
		ConnectionSettings settings = builder().webSocketUrl(URI.create("ws://localhost:9090/")).build();
		assertThat(settings.webSocketUrl()).hasToString("ws://localhost:9090");
		assertThat(settings.socketAddress()).hasToString("ws://localhost:9090/ws/agent");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ftp://relay.example", "relay.example", "https:///path", "https://me@relay.example",
			"https://relay.example?x=1", "https://relay.example#x", "wss://relay.example" })
	void addressesThatCannotBeRightAreRefusedByName(String url) {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> builder().baseUrl(URI.create(url)).build())
			.withMessageStartingWith("'connection.baseUrl' must be an address such as https://api.pacerelle.com");
		assertRefused("webSocketUrl", (settings) -> settings.webSocketUrl(URI.create("https://relay.example")));
	}

	@Test
	void numbersAndTimesOutOfRangeAreRefusedByName() {
		assertRefused("maxFrameSize", (settings) -> settings.maxFrameSize(65_535));
		assertRefused("pingInterval", (settings) -> settings.pingInterval(Duration.ZERO));
		assertRefused("pongTimeout", (settings) -> settings.pongTimeout(Duration.ofSeconds(-1)));
		assertRefused("connectTimeout", (settings) -> settings.connectTimeout(Duration.ZERO));
		assertRefused("minBackoff", (settings) -> settings.minBackoff(Duration.ZERO));
		assertRefused("maxBackoff", (settings) -> settings.maxBackoff(Duration.ofMillis(1)));
		assertRefused("tokenRefusedBackoff", (settings) -> settings.tokenRefusedBackoff(Duration.ZERO));
	}

	private static void assertRefused(String name, UnaryOperator<ConnectionSettings.Builder> change) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> change.apply(builder()).build())
			.withMessageStartingWith("'connection." + name + "' must")
			.satisfies((failure) -> assertThat(failure.setting()).isEqualTo("connection." + name))
			.satisfies((failure) -> assertThat(failure.reason()).startsWith("must "));
	}

	private static ConnectionSettings.Builder builder() {
		return new ConnectionSettings.Builder();
	}

}
