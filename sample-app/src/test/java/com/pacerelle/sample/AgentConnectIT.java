package com.pacerelle.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AgentConnectSettings;
import com.pacerelle.client.connect.AgentConnectStart;
import com.pacerelle.client.connect.AuthorizationSecrets;
import com.pacerelle.client.connect.InstallationToken;
import com.pacerelle.client.connect.RuntimeToken;
import io.netty.handler.codec.http.QueryStringDecoder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The published SDK and this client do the same installation: what they send and what
 * they make of the answers is compared field by field.
 */
@RequiresPython
class AgentConnectIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Map<String, String> ARGUMENTS = Map.of("client_id", "client/1+~*", "redirect_uri",
			"https://example.com/installed?from=us&to=you", "connect_key", "c0nnect", "agent_name", "Écho 🦜",
			"agent_description", "Says \"it\" again", "code", "c0de +&=/~*");

	private static final Map<String, String> ANSWERS = Map.of("/agent-connect/requests", """
			{"request_id":"req-1","authorization_url":"https://app.example/allow?request=req-1",
			"expires_at":"2026-11-21T07:00:00.000Z","expires_in":600}""", "/agent-connect/token", """
			{"installation_token":"inst4ll","token_type":"Bearer","agent_id":"agent-1","owner_id":"alice",
			"conversation_id":"c-1","scope":"myagents:agent-connect"}""", "/agent-connect/runtime-token", """
			{"agent_id":"agent-1","owner_id":"alice","conversation_id":"c-1","agent_token":"runt1me",
			"expires_in":"3600"}""");

	private final List<Request> requests = new CopyOnWriteArrayList<>();

	@AutoClose("disposeNow")
	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.handle(this::answer)
		.bindNow();

	private JsonNode theirResults;

	private AgentConnectStart start;

	private InstallationToken installation;

	private RuntimeToken runtime;

	@BeforeEach
	void installTwice() throws IOException {
		String address = "http://127.0.0.1:" + this.server.port();
		this.theirResults = installWithPublishedSdk(address);
		AgentConnectClient client = new AgentConnectClient(new AgentConnectSettings(URI.create(address + "/"),
				ARGUMENTS.get("client_id"), ARGUMENTS.get("connect_key"), URI.create(ARGUMENTS.get("redirect_uri")),
				ARGUMENTS.get("agent_name"), ARGUMENTS.get("agent_description")));
		this.start = client.begin(AuthorizationSecrets.generate(new SecureRandom())).block(TIMEOUT);
		this.installation = client.exchange(ARGUMENTS.get("code"), this.start.codeVerifier()).block(TIMEOUT);
		this.runtime = client.runtimeToken(this.installation.installationToken()).block(TIMEOUT);
		assertThat(this.requests).hasSize(6);
	}

	@Test
	void sendsTheSameRequests() {
		for (int i = 0; i < 3; i++) {
			Request theirs = this.requests.get(i);
			Request ours = this.requests.get(i + 3);
			assertThat(ours.line()).isEqualTo(theirs.line());
			assertThat(comparable(ours.headers())).as(ours.line()).isEqualTo(comparable(theirs.headers()));
			assertThat(ours.headers().get("user-agent")).isNotBlank();
			assertThat(ours.headers().get("content-length")).isEqualTo(String.valueOf(ours.size()));
			assertThat(comparable(ours.fields())).as(ours.line()).isEqualTo(comparable(theirs.fields()));
		}
	}

	@Test
	void makesSecretsOfTheSameForm() throws Exception {
		JsonNode theirs = this.theirResults.get(0);
		verify(this.requests.get(0), this.requests.get(1), theirs.get("state").asString(),
				theirs.get("code_verifier").asString());
		verify(this.requests.get(3), this.requests.get(4), this.start.state(), this.start.codeVerifier());
		assertThat(this.start.state()).hasSameSizeAs(theirs.get("state").asString());
		assertThat(this.start.codeVerifier()).hasSameSizeAs(theirs.get("code_verifier").asString());
	}

	@Test
	void readsTheSameAnswers() {
		JsonNode theirStart = this.theirResults.get(0);
		assertThat(this.start.requestId()).isEqualTo(theirStart.get("request_id").asString());
		assertThat(this.start.authorizationUrl()).hasToString(theirStart.get("authorization_url").asString());
		assertThat(this.start.expiresAt()).isEqualTo(Instant.parse(theirStart.get("expires_at").asString()));
		assertThat(this.start.expiresIn()).hasSeconds(theirStart.get("expires_in").asLong());
		JsonNode token = this.theirResults.get(1);
		assertThat(this.installation).isEqualTo(new InstallationToken(token.get("installation_token").asString(),
				token.get("token_type").asString(), token.get("agent_id").asString(), token.get("owner_id").asString(),
				token.get("conversation_id").asString(), token.get("scope").asString()));
		JsonNode theirRuntime = this.theirResults.get(2);
		assertThat(this.runtime).isEqualTo(
				new RuntimeToken(theirRuntime.get("agent_id").asString(), theirRuntime.get("owner_id").asString(),
						theirRuntime.get("conversation_id").asString(), theirRuntime.get("agent_token").asString(),
						Duration.ofSeconds(theirRuntime.get("expires_in").asLong())));
	}

	private static void verify(Request begin, Request exchange, String state, String verifier) throws Exception {
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
		assertThat(begin.fields()).containsEntry("state", state)
			.containsEntry("code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
		assertThat(exchange.fields()).containsEntry("code_verifier", verifier);
	}

	/**
	 * Without what differs in each installation, and what only says how HTTP is spoken:
	 * which encodings of an answer are read, and how long the body is, as JSON may have
	 * white space and escapes.
	 */
	private static Map<String, String> comparable(Map<String, String> values) {
		Map<String, String> comparable = new TreeMap<>(values);
		List.of("state", "code_challenge", "code_verifier", "user-agent", "content-length")
			.forEach((name) -> comparable.computeIfPresent(name, (key, value) -> "there"));
		comparable.keySet().removeAll(List.of("accept", "accept-encoding"));
		return comparable;
	}

	private static JsonNode installWithPublishedSdk(String address) throws IOException {
		Map<String, String> arguments = new TreeMap<>(ARGUMENTS);
		arguments.put("base_url", address + "/");
		Process process = new ProcessBuilder(PythonEnvironment.command("agent_connect.py"))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (OutputStream input = process.getOutputStream()) {
			input.write(JSON.writeValueAsBytes(arguments));
		}
		return JSON.readTree(process.getInputStream().readAllBytes());
	}

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		return request.receive().aggregate().asByteArray().defaultIfEmpty(new byte[0]).flatMap((body) -> {
			Map<String, String> headers = new TreeMap<>();
			request.requestHeaders()
				.forEach(
						(header) -> assertThat(headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()))
							.isNull());
			this.requests
				.add(new Request(request.method() + " " + request.uri(), headers, fields(headers, body), body.length));
			return response.sendString(Mono.just(ANSWERS.get(request.uri()))).then();
		});
	}

	private static Map<String, String> fields(Map<String, String> headers, byte[] body) {
		Map<String, String> fields = new TreeMap<>();
		String text = new String(body, StandardCharsets.UTF_8);
		if ("application/json".equals(headers.get("content-type"))) {
			JSON.readTree(text)
				.properties()
				.forEach((field) -> fields.put(field.getKey(), field.getValue().asString()));
		}
		else {
			new QueryStringDecoder(text, false).parameters()
				.forEach((name, values) -> fields.put(name, String.join(" and ", values)));
		}
		return fields;
	}

	private record Request(String line, Map<String, String> headers, Map<String, String> fields, int size) {
	}

}
