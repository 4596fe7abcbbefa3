package com.pacerelle.client.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import com.pacerelle.client.http.Bodies;
import com.pacerelle.client.http.Transport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Installs an agent for a person: OAuth 2.0 with PKCE (gateway.md section 9, RFC 6749,
 * RFC 7636). A subscription sends one request, which is never retried, and fails with an
 * {@link AgentConnectException}.
 */
public final class AgentConnectClient {

	private static final String SCOPE = "myagents:agent-connect";

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final int MAX_ANSWER = 64 * 1024;

	private final AgentConnectSettings settings;

	private final WebClient webClient;

	/**
	 * Creates a client. It holds nothing that has to be closed.
	 * @param settings its settings
	 */
	public AgentConnectClient(AgentConnectSettings settings) {
		this.settings = settings;
		// A code counts once: it is not sent on a connection that the relay may have
		// given up.
		this.webClient = Transport
			.requests(settings.transport(), settings.baseUrl(),
					Transport.client(settings.transport(), ConnectionProvider.newConnection())
						.responseTimeout(TIMEOUT)
						.keepAlive(false))
			.build();
		Transport.warnUnlessPrivate(settings.baseUrl());
	}

	/**
	 * Begins an installation.
	 * @param secrets bind its completion to the browser that began it
	 * @return where to send the person's browser
	 */
	public Mono<AgentConnectStart> begin(AuthorizationSecrets secrets) {
		Map<String, String> body = new LinkedHashMap<>();
		body.put("client_id", this.settings.clientId());
		body.put("redirect_uri", this.settings.redirectUri().toString());
		body.put("state", secrets.state());
		body.put("code_challenge", secrets.codeChallenge());
		body.put("code_challenge_method", "S256");
		body.put("agent_name", this.settings.agentName());
		body.put("agent_description", this.settings.agentDescription());
		body.put("scope", SCOPE);
		return post("/agent-connect/requests", this.settings.connectKey(), MediaType.APPLICATION_JSON,
				AgentConnectAnswer.MAPPER.writeValueAsBytes(body))
			.map((answer) -> new AgentConnectStart(answer.text("request_id"),
					answer.address("authorization_url", this.settings.transport()), answer.time("expires_at"),
					answer.seconds("expires_in"), secrets.state(), secrets.codeVerifier()));
	}

	/**
	 * Completes an installation.
	 * @param code the code that came back to the redirect address
	 * @param codeVerifier the verifier that the installation was begun with
	 * @return the installation; fails with {@link AgentConnectException#isRefused()} if
	 * the code was used, is too old, or belongs to another verifier
	 */
	public Mono<InstallationToken> exchange(String code, String codeVerifier) {
		Map<String, String> form = new LinkedHashMap<>();
		form.put("grant_type", "authorization_code");
		form.put("client_id", this.settings.clientId());
		form.put("redirect_uri", this.settings.redirectUri().toString());
		form.put("code", code);
		form.put("code_verifier", codeVerifier);
		return post("/agent-connect/token", null, MediaType.APPLICATION_FORM_URLENCODED, encode(form))
			.map((answer) -> new InstallationToken(answer.credential("installation_token"), answer.text("token_type"),
					answer.text("agent_id"), answer.text("owner_id"), answer.text("conversation_id"),
					answer.text("scope")));
	}

	/**
	 * Gets a token for an installed agent to connect with.
	 * @param installationToken the token of the installation
	 * @return the runtime token; fails with {@link AgentConnectException#isRefused()} if
	 * the person has removed the installation
	 */
	public Mono<RuntimeToken> runtimeToken(String installationToken) {
		return post("/agent-connect/runtime-token", installationToken, MediaType.APPLICATION_FORM_URLENCODED,
				new byte[0])
			.map((answer) -> new RuntimeToken(answer.text("agent_id"), answer.text("owner_id"),
					answer.text("conversation_id"), answer.credential("agent_token"), answer.seconds("expires_in")));
	}

	private static byte[] encode(Map<String, String> form) {
		return form.entrySet()
			.stream()
			.map((field) -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
			.collect(Collectors.joining("&"))
			.getBytes(StandardCharsets.US_ASCII);
	}

	private Mono<AgentConnectAnswer> post(String path, @Nullable String bearer, MediaType contentType, byte[] body) {
		return this.webClient.post()
			.uri(path)
			.httpRequest(Transport.authorization(bearer))
			.contentType(contentType)
			.contentLength(body.length)
			.body(Bodies.of(body))
			.exchangeToMono(
					(response) -> Bodies
						.collect(Bodies.parts(response), MAX_ANSWER,
								() -> new AgentConnectException(
										"The relay's answer has more than " + MAX_ANSWER + " bytes", 0, null))
						.map((bytes) -> AgentConnectAnswer.read(path, response.statusCode().value(), bytes)))
			.timeout(TIMEOUT)
			.onErrorMap((failure) -> !(failure instanceof AgentConnectException),
					(failure) -> new AgentConnectException(
							"The relay at " + this.settings.baseUrl() + " gave no answer to POST " + path
									+ " that can be read: check the address and the network",
							failure));
	}

}
