package com.pacerelle.mcp;

import java.net.http.HttpRequest;
import java.util.List;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The bridge over HTTP, which only those reach that know the token.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "pacerelle.dev-relay.enabled=true", "pacerelle.mcp.token=long and random" })
@ActiveProfiles("http")
class HttpAccessTests {

	@LocalServerPort
	private int port;

	@Test
	void aClientWithTheTokenFindsTheTools() {
		HttpClientStreamableHttpTransport transport = HttpClientStreamableHttpTransport
			.builder("http://127.0.0.1:" + this.port)
			.requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer long and random"))
			.build();
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
			assertThat(client.listTools().tools()).extracting(McpSchema.Tool::name)
				.contains("wait_for_messages", "ask_confirm");
		}
	}

	@Test
	void nobodyElseGetsIn() {
		assertThat(status(null)).isEqualTo(HttpStatus.UNAUTHORIZED);
		assertThat(status("Bearer guess")).isEqualTo(HttpStatus.UNAUTHORIZED);
	}

	@Test
	void thereIsNoHttpWithoutAToken() {
		new ReactiveWebApplicationContextRunner().withUserConfiguration(HttpAccess.class)
			.withBean(McpServerProperties.class, () -> new McpServerProperties(List.of(), null, " "))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith("'pacerelle.mcp.token' must be set for HTTP"));
	}

	private HttpStatusCode status(@Nullable String authorization) {
		return WebClient.create("http://127.0.0.1:" + this.port).post().uri("/mcp").headers((headers) -> {
			if (authorization != null) {
				headers.set("Authorization", authorization);
			}
		}).exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode())).block();
	}

}
