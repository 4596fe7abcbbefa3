package com.pacerelle.client.connect;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The three requests of Agent Connect (gateway.md section 9).
 */
class AgentConnectClientTests {

	/** The example of RFC 7636, appendix B. */
	private static final AuthorizationSecrets SECRETS = new AuthorizationSecrets("st4te",
			"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

	private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

	private static final String START = """
			{"request_id":"req-1","authorization_url":"https://app.example/allow?request=req-1",
			"expires_at":"2026-11-21T07:00:00.000Z","expires_in":600,"later":{"is":"ignored"}}""";

	private static final String INSTALLED = """
			{"installation_token":"inst4ll","token_type":"Bearer","agent_id":"agent-1","owner_id":"alice",
			"conversation_id":"c-1","scope":"myagents:agent-connect"}""";

	private static final String RUNTIME = """
			{"agent_id":"agent-1","owner_id":"alice","conversation_id":"c-1","agent_token":"runt1me","expires_in":3600}""";

	@AutoClose
	private final ConnectServer server = new ConnectServer();

	private final AgentConnectClient client = client(this.server.address());

	@Test
	void beginAsksForAnInstallation() {
		this.server.answerWith(201, START);
		StepVerifier.create(this.client.begin(SECRETS))
			.expectNext(new AgentConnectStart("req-1", URI.create("https://app.example/allow?request=req-1"),
					Instant.parse("2026-11-21T07:00:00Z"), Duration.ofMinutes(10), SECRETS.state(),
					SECRETS.codeVerifier()))
			.verifyComplete();
		ConnectServer.Request request = this.server.request();
		assertThat(request.line()).isEqualTo("POST /agent-connect/requests");
		assertThat(request.headers()).isEqualTo(headers("application/json", "Bearer c0nnect", request));
		assertThat(json(request.body())).isEqualTo(json("""
				{"client_id":"client-1","redirect_uri":"https://example.com/installed?from=us&to=you","state":"st4te",
				"code_challenge":"%s","code_challenge_method":"S256","agent_name":"Écho",
				"agent_description":"Says it again","scope":"myagents:agent-connect"}""".formatted(CHALLENGE)));
	}

	@Test
	void exchangeShowsCodeAndVerifier() {
		this.server.answerWith(200, INSTALLED);
		StepVerifier.create(this.client.exchange("c0de &+=", SECRETS.codeVerifier()))
			.expectNext(new InstallationToken("inst4ll", "Bearer", "agent-1", "alice", "c-1", "myagents:agent-connect"))
			.verifyComplete();
		ConnectServer.Request request = this.server.request();
		assertThat(request.line()).isEqualTo("POST /agent-connect/token");
		assertThat(request.headers()).isEqualTo(headers("application/x-www-form-urlencoded", null, request));
		assertThat(new QueryStringDecoder(request.body(), false).parameters())
			.isEqualTo(Map.of("grant_type", List.of("authorization_code"), "client_id", List.of("client-1"),
					"redirect_uri", List.of("https://example.com/installed?from=us&to=you"), "code",
					List.of("c0de &+="), "code_verifier", List.of(SECRETS.codeVerifier())));
	}

	@Test
	void runtimeTokenShowsTheInstallationToken() {
		this.server.answerWith(200, RUNTIME);
		StepVerifier.create(this.client.runtimeToken("inst4ll"))
			.expectNext(new RuntimeToken("agent-1", "alice", "c-1", "runt1me", Duration.ofHours(1)))
			.verifyComplete();
		ConnectServer.Request request = this.server.request();
		assertThat(request.line()).isEqualTo("POST /agent-connect/runtime-token");
		assertThat(request.headers())
			.isEqualTo(headers("application/x-www-form-urlencoded", "Bearer inst4ll", request));
		assertThat(request.body()).isEmpty();
	}

	@Test
	void nothingIsSentBeforeItIsSubscribedTo() {
		this.server.answerWith(200, RUNTIME);
		Mono<RuntimeToken> token = this.client.runtimeToken("inst4ll");
		StepVerifier.create(token.repeat(1)).expectNextCount(2).verifyComplete();
	}

	@ParameterizedTest
	@CsvSource({ "2026-11-21T07:00:00Z", "2026-11-21T07:00:00.000Z", "2026-11-21T08:00:00+01:00",
			"2026-11-21T07:00:00.000000+00:00", "2026-11-21T07:00:00" })
	void timesAreReadWithAndWithoutOffset(String time) {
		this.server.answerWith(200, START.replace("2026-11-21T07:00:00.000Z", time));
		StepVerifier.create(this.client.begin(SECRETS).map(AgentConnectStart::expiresAt))
			.expectNext(Instant.parse("2026-11-21T07:00:00Z"))
			.verifyComplete();
	}

	@Test
	void secondsAreReadFromTextAsThePublishedSdkDoes() {
		this.server.answerWith(200, RUNTIME.replace("3600", "\"60\""));
		StepVerifier.create(this.client.runtimeToken("inst4ll").map(RuntimeToken::expiresIn))
			.expectNext(Duration.ofMinutes(1))
			.verifyComplete();
	}

	static Stream<String[]> unreadableFields() {
		return Stream.of(new String[] { "agent_id", null }, new String[] { "agent_id", "null" },
				new String[] { "agent_id", "\"\"" }, new String[] { "agent_id", "{}" },
				new String[] { "owner_id", null }, new String[] { "conversation_id", "[]" },
				new String[] { "agent_token", null }, new String[] { "agent_token", "\"s3cret \\n\"" },
				new String[] { "expires_in", null }, new String[] { "expires_in", "\"s3cret\"" },
				new String[] { "expires_in", "0" }, new String[] { "expires_in", "-1" },
				new String[] { "expires_in", "1e300" });
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("unreadableFields")
	void fieldThatIsMissingOrWrongIsNamed(String name, String value) {
		Map<String, Object> fields = new LinkedHashMap<>();
		json(RUNTIME).properties().forEach((field) -> fields.put(field.getKey(), field.getValue()));
		if (value != null) {
			fields.put(name, json(value));
		}
		else {
			fields.remove(name);
		}
		this.server.answerWith(200, JsonMapper.shared().writeValueAsString(fields));
		assertFails(this.client.runtimeToken("inst4ll"),
				"The relay's answer to POST /agent-connect/runtime-token has no '" + name + "' that is ", 0);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "http://app.example/allow", "javascript:alert(1)", "/allow", "https://", "s3cret not a URL" })
	void personIsOnlySentToASafeAddress(String address) {
		this.server.answerWith(200, START.replace("https://app.example/allow?request=req-1", address));
		assertFails(this.client.begin(SECRETS), "has no 'authorization_url' that is an https address", 0);
	}

	@ParameterizedTest
	@CsvSource({ "401, invalid_token, true", "403, access_denied, true", "400, invalid_grant, true",
			"400, invalid_request, false", "429, temporarily_unavailable, false", "500, server_error, false" })
	void errorOfTheStandardIsNamed(int status, String error, boolean refused) {
		this.server.answerWith(status, "{\"error\":\"" + error + "\",\"error_description\":\"s3cret\"}");
		StepVerifier.create(this.client.runtimeToken("inst4ll"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(AgentConnectException.class,
					(exception) -> {
						assertThat(exception)
							.hasMessage("The relay answered POST /agent-connect/runtime-token with HTTP status "
									+ status + " and the error " + error);
						assertThat(exception.status()).isEqualTo(status);
						assertThat(exception.error()).isEqualTo(error);
						assertThat(exception.isRefused()).isEqualTo(refused);
					}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"error\":\"s3cret\"}", "{\"error\":[\"s3cret\"]}", "[]", "s3cret", "" })
	void otherErrorsAreNotQuoted(String body) {
		this.server.answerWith(502, body);
		assertFails(this.client.exchange("c0de", SECRETS.codeVerifier()),
				"The relay answered POST /agent-connect/token with HTTP status 502", 502);
	}

	@Test
	void redirectIsAnError() {
		this.server.answerWith(302, "");
		assertFails(this.client.runtimeToken("inst4ll"), "with HTTP status 302", 302);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "[]", "\"s3cret\"", "{\"agent_token\":\"s3cret\"", "s3cret" })
	void answerThatIsNoObjectIsRefused(String body) {
		this.server.answerWith(200, body);
		assertFails(this.client.runtimeToken("inst4ll"),
				"The relay's answer to POST /agent-connect/runtime-token is not a JSON object", 200);
	}

	@Test
	void answerThatDoesNotEndIsGivenUp() {
		this.server.answerWith(200, Flux.just("s3cret ".repeat(1000)).repeat());
		assertFails(this.client.runtimeToken("inst4ll"), "The relay's answer has more than 65536 bytes", 0);
	}

	@Test
	void answerThatDoesNotComeIsAnErrorThatNamesTheAddress() {
		URI address = this.server.address();
		this.server.close();
		assertFails(client(address).runtimeToken("inst4ll"),
				"The relay at " + address
						+ " gave no answer to POST /agent-connect/runtime-token that can be read: check the address",
				0);
	}

	private static AgentConnectClient client(URI address) {
		return new AgentConnectClient(new AgentConnectSettings(address, "client-1", "c0nnect",
				URI.create("https://example.com/installed?from=us&to=you"), "Écho", "Says it again"));
	}

	/**
	 * All headers of a request: nobody learns more than they have to.
	 */
	private static Map<String, String> headers(String contentType, String authorization,
			ConnectServer.Request request) {
		Map<String, String> headers = new LinkedHashMap<>(Map.of("host", request.headers().get("host"), "user-agent",
				"pacerelle-spring-boot/dev", "accept", "*/*", "connection", "close", "content-type", contentType,
				"content-length", String.valueOf(request.body().getBytes(StandardCharsets.UTF_8).length)));
		if (authorization != null) {
			headers.put("authorization", authorization);
		}
		return headers;
	}

	private static void assertFails(Mono<?> request, String message, int status) {
		StepVerifier.create(request)
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOfSatisfying(AgentConnectException.class,
					(exception) -> {
						assertThat(exception).hasMessageContaining(message);
						assertThat(exception.status()).isEqualTo(status);
						assertThat(exception.isRefused()).isFalse();
						for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
							assertThat(cause.toString()).doesNotContain("s3cret", "inst4ll", "c0de",
									SECRETS.codeVerifier());
						}
					}));
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
