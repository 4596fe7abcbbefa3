package com.pacerelle.client.connect;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import com.pacerelle.client.http.Transport;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;

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

	private final HttpClient httpClient;

	/**
	 * Creates a client. It holds nothing that has to be closed.
	 * @param settings its settings
	 */
	public AgentConnectClient(AgentConnectSettings settings) {
		this.settings = settings;
		this.httpClient = Transport.client(settings.transport())
			.baseUrl(settings.baseUrl().toString())
			.responseTimeout(TIMEOUT)
			.keepAlive(false);
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
		return post("/agent-connect/requests", this.settings.connectKey(), HttpHeaderValues.APPLICATION_JSON,
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
		return post("/agent-connect/token", null, HttpHeaderValues.APPLICATION_X_WWW_FORM_URLENCODED, encode(form))
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
		return post("/agent-connect/runtime-token", installationToken,
				HttpHeaderValues.APPLICATION_X_WWW_FORM_URLENCODED, new byte[0])
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

	private Mono<AgentConnectAnswer> post(String path, @Nullable String bearer, CharSequence contentType, byte[] body) {
		return this.httpClient.headers((headers) -> describe(headers, bearer, contentType, body.length))
			.post()
			.uri(path)
			.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
			.response((response, content) -> read(content)
				.map((bytes) -> AgentConnectAnswer.read(path, response.status().code(), bytes)))
			.single()
			.timeout(TIMEOUT)
			.onErrorMap((failure) -> !(failure instanceof AgentConnectException),
					(failure) -> new AgentConnectException(
							"The relay at " + this.settings.baseUrl() + " gave no answer to POST " + path
									+ " that can be read: check the address and the network",
							failure));
	}

	private static void describe(HttpHeaders headers, @Nullable String bearer, CharSequence contentType, int length) {
		if (bearer != null) {
			headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + bearer);
		}
		headers.set(HttpHeaderNames.CONTENT_TYPE, contentType).setInt(HttpHeaderNames.CONTENT_LENGTH, length);
	}

	private static Mono<byte[]> read(ByteBufFlux content) {
		return content.asByteArray().reduceWith(ByteArrayOutputStream::new, (bytes, part) -> {
			if (bytes.size() + part.length > MAX_ANSWER) {
				throw new AgentConnectException("The relay's answer has more than " + MAX_ANSWER + " bytes", 0, null);
			}
			bytes.writeBytes(part);
			return bytes;
		}).map(ByteArrayOutputStream::toByteArray);
	}

}
