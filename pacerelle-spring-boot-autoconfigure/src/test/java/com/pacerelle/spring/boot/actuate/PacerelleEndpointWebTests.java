package com.pacerelle.spring.boot.actuate;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ClientLoad;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.KnownDevice;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * {@link PacerelleEndpoint} and health as operators call them.
 */
class PacerelleEndpointWebTests {

	private final HttpClient http = HttpClient.newHttpClient();

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
	}

	private void start(String... properties) {
		this.context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.properties("server.port=0", "spring.main.banner-mode=off",
					"management.endpoints.web.exposure.include=health,info,pacerelle")
			.properties(properties)
			.run();
	}

	@Test
	void describesTheAgentAndTakesDecisions() throws Exception {
		start();
		AgentGatewayClient client = this.context.getBean(AgentGatewayClient.class);
		HttpResponse<String> agent = get("/actuator/pacerelle");
		assertThat(agent.statusCode()).isEqualTo(200);
		assertThat(agent.body()).contains("\"state\":\"CONNECTED\"", "\"verificationCode\":\"0123 4567\"",
				"\"messageId\":\"message-1\"", "\"deviceId\":\"laptop\"", "\"questions\":2");
		assertThat(post("/actuator/pacerelle/retry/message-1").statusCode()).isEqualTo(204);
		verify(client).retryDeadLetter("message-1");
		assertThat(post("/actuator/pacerelle/approve/ABCD0123").statusCode()).isEqualTo(204);
		verify(client).trustDevice("alice", "ABCD 0123");
		assertThat(post("/actuator/pacerelle/discard/unknown").statusCode()).isEqualTo(400);
		assertThat(post("/actuator/pacerelle/explode/message-1").statusCode()).isEqualTo(400);
	}

	@Test
	void healthIsPartOfReadinessByChoice() throws Exception {
		start("management.endpoint.health.probes.enabled=true",
				"management.endpoint.health.group.readiness.include=readinessState,pacerelle");
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
		given(this.context.getBean(AgentGatewayClient.class).state()).willReturn(ConnectionState.WAITING);
		assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
		assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
	}

	@Test
	void decisionsAreRefusedWhenItIsReadOnly() throws Exception {
		start("management.endpoint.pacerelle.access=read-only");
		assertThat(get("/actuator/pacerelle").statusCode()).isEqualTo(200);
		assertThat(post("/actuator/pacerelle/retry/message-1").statusCode()).isGreaterThanOrEqualTo(400);
	}

	private HttpResponse<String> get(String path) throws Exception {
		return send(HttpRequest.newBuilder(uri(path)));
	}

	private HttpResponse<String> post(String path) throws Exception {
		return send(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.noBody()));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port") + path);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AgentGatewayClient client() {
			AgentGatewayClient client = mock();
			given(client.events()).willReturn(Flux.empty());
			given(client.connected()).willReturn(Mono.empty());
			given(client.stop(any())).willReturn(Mono.empty());
			given(client.state()).willReturn(ConnectionState.CONNECTED);
			given(client.verificationCode()).willReturn("0123 4567");
			given(client.load()).willReturn(new ClientLoad(1, 2, 3));
			given(client.conversations()).willReturn(Flux.empty());
			given(client.deadLetters()).willReturn(List.of(new DeadLetter("message-1", "alice", "conversation", null, 3,
					"java.lang.IllegalStateException", Instant.EPOCH, Instant.EPOCH)));
			given(client.waitingDevices()).willReturn(List.of(new KnownDevice("alice", "laptop", "conversation",
					"ABCD 0123", Instant.EPOCH, KnownDevice.Trust.WAITING)));
			given(client.retryDeadLetter("message-1")).willReturn(Mono.empty());
			given(client.discardDeadLetter("unknown")).willReturn(Mono.error(new IllegalArgumentException("unknown")));
			given(client.trustDevice("alice", "ABCD 0123")).willReturn(Mono.empty());
			return client;
		}

	}

}
