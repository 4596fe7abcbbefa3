package com.pacerelle.spring.connect;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.handler.codec.http.QueryStringDecoder;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A relay without encryption which installs agents {@code agent-1}, {@code agent-2}, ...
 * and lets each of them connect with its newest runtime token only.
 */
public final class InstallingRelay implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final Map<String, String> challenges = new ConcurrentHashMap<>();

	private final Map<String, String> runtimeTokens = new ConcurrentHashMap<>();

	private final Map<String, WebsocketOutbound> sockets = new ConcurrentHashMap<>();

	private final Set<String> removed = ConcurrentHashMap.newKeySet();

	private final List<JsonNode> frames = new CopyOnWriteArrayList<>();

	private final List<String> connected = new CopyOnWriteArrayList<>();

	private final AtomicInteger agents = new AtomicInteger();

	private final AtomicInteger tokens = new AtomicInteger();

	private volatile int failures;

	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.route((routes) -> routes.post("/agent-connect/requests", this::begin)
			.post("/agent-connect/token", this::exchange)
			.post("/agent-connect/runtime-token", this::issue)
			.get("/ws/agent", this::connect))
		.bindNow();

	public URI address() {
		return URI.create("http://127.0.0.1:" + this.server.port());
	}

	private Publisher<Void> begin(HttpServerRequest request, HttpServerResponse response) {
		if (!"Bearer c0nnect-key".equals(bearer(request))) {
			return response.status(401).send();
		}
		return request.receive().aggregate().asString().flatMap((body) -> {
			JsonNode json = JSON.readTree(body);
			String code = "code-" + this.challenges.size();
			this.challenges.put(code, json.get("code_challenge").asString());
			String url = json.get("redirect_uri").asString() + "?code=" + code + "&state="
					+ json.get("state").asString();
			return send(response, Map.of("request_id", "r-1", "authorization_url", url, "expires_at",
					"2026-11-21T07:00:00.000Z", "expires_in", 600));
		});
	}

	private Publisher<Void> exchange(HttpServerRequest request, HttpServerResponse response) {
		return request.receive().aggregate().asString().flatMap((body) -> {
			Map<String, List<String>> form = new QueryStringDecoder(body, false).parameters();
			String challenge = this.challenges.remove(form.get("code").get(0));
			if (challenge == null || !challenge.equals(challenge(form.get("code_verifier").get(0)))) {
				return response.status(400).sendString(Mono.just("{\"error\":\"invalid_grant\"}")).then();
			}
			String agentId = "agent-" + this.agents.incrementAndGet();
			return send(response, Map.of("installation_token", "inst4ll-" + agentId, "token_type", "Bearer", "agent_id",
					agentId, "owner_id", "owner-" + agentId, "conversation_id", "c-" + agentId, "scope", "s"));
		});
	}

	private Publisher<Void> issue(HttpServerRequest request, HttpServerResponse response) {
		String agentId = bearer(request).replace("Bearer inst4ll-", "");
		if (this.removed.contains(agentId)) {
			return response.status(401).send();
		}
		if (this.failures > 0) {
			this.failures--;
			return response.status(503).send();
		}
		String token = "runt1me-" + agentId + "-" + this.tokens.incrementAndGet();
		this.runtimeTokens.put(agentId, token);
		return send(response, Map.of("agent_id", agentId, "owner_id", "owner-" + agentId, "conversation_id",
				"c-" + agentId, "agent_token", token, "expires_in", 3600));
	}

	private Publisher<Void> connect(HttpServerRequest request, HttpServerResponse response) {
		String token = new QueryStringDecoder(request.uri()).parameters().get("token").get(0);
		return this.runtimeTokens.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().equals(token))
			.findAny()
			.<Publisher<Void>>map((entry) -> response
				.sendWebsocket((inbound, outbound) -> serve(entry.getKey(), token, inbound, outbound)))
			.orElseGet(() -> response.status(401).send());
	}

	private Publisher<Void> serve(String agentId, String token, WebsocketInbound inbound, WebsocketOutbound outbound) {
		this.sockets.put(agentId, outbound);
		inbound.receive()
			.asString()
			.doFinally((signal) -> this.sockets.remove(agentId, outbound))
			.onErrorComplete()
			.subscribe((frame) -> this.frames.add(JSON.readTree(frame)));
		this.connected.add(token);
		return Mono.never();
	}

	/**
	 * The tokens of all connections so far.
	 * @return the tokens in their order
	 */
	List<String> connected() {
		return this.connected;
	}

	public boolean isConnected(String agentId) {
		return this.sockets.containsKey(agentId);
	}

	/**
	 * The newest runtime token of an agent.
	 * @param agentId the agent
	 * @return the token, empty before the first
	 */
	String token(String agentId) {
		return this.runtimeTokens.getOrDefault(agentId, "");
	}

	public void send(String agentId, String messageId, String text) {
		this.sockets.get(agentId)
			.sendString(Mono.just(JSON.writeValueAsString(Map.of("type", "MSG", "id", messageId, "from",
					"owner-" + agentId, "conversation_id", "c-" + agentId, "to", agentId, "encrypted", false,
					"payload_b64", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))))))
			.then()
			.subscribe();
	}

	/**
	 * What was answered to a message.
	 * @param messageId the message
	 * @return the texts of the replies
	 */
	public List<String> replies(String messageId) {
		return this.frames.stream()
			.filter((frame) -> messageId.equals(frame.path("reply_to_message_id").stringValue("")))
			.map(InstallingRelay::text)
			.toList();
	}

	/**
	 * What agents wrote.
	 * @return the texts of all messages
	 */
	public List<String> texts() {
		return this.frames.stream()
			.filter((frame) -> "MSG".equals(frame.path("type").stringValue("")))
			.map(InstallingRelay::text)
			.toList();
	}

	private static String text(JsonNode frame) {
		return new String(Base64.getDecoder().decode(frame.get("payload_b64").asString()), StandardCharsets.UTF_8);
	}

	void close(String agentId, int code) {
		this.sockets.get(agentId).sendClose(code, "").subscribe();
	}

	/**
	 * Lets nobody connect with the newest token of an agent any more.
	 * @param agentId the agent
	 */
	void invalidateToken(String agentId) {
		this.runtimeTokens.put(agentId, "none");
	}

	void remove(String agentId) {
		this.removed.add(agentId);
	}

	/**
	 * Has the next requests for a runtime token fail.
	 * @param failures how many
	 */
	void fail(int failures) {
		this.failures = failures;
	}

	private static String bearer(HttpServerRequest request) {
		return request.requestHeaders().get("Authorization", "");
	}

	private static Mono<Void> send(HttpServerResponse response, Map<String, ?> body) {
		return response.sendString(Mono.just(JSON.writeValueAsString(body))).then();
	}

	private static String challenge(String verifier) {
		try {
			return Base64.getUrlEncoder()
				.withoutPadding()
				.encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofMinutes(1));
	}

}
