package com.pacerelle.dev;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.node.ObjectNode;

/**
 * The relay as an agent sees it (gateway.md sections 2, 3). What the agent sends is
 * worked on by one thread, in its order.
 */
final class AgentEndpoints {

	private static final int MAX_FRAME = 16 * 1024 * 1024;

	private static final int MAX_JSON = 1024 * 1024;

	private static final String BEARER = "Bearer ";

	private final byte[] token;

	private final BooleanSupplier refusesToken;

	private final PublishedKeys keys;

	private final Blobs blobs;

	private final Mailbox mailbox;

	private final Function<String, List<ObjectNode>> groupKeys;

	private final Consumer<AgentFrame.Message> delivery;

	private final Consumer<RelayEvent> events;

	private final Violations violations;

	private final Scheduler worker;

	AgentEndpoints(String token, BooleanSupplier refusesToken, PublishedKeys keys, Blobs blobs, Mailbox mailbox,
			Function<String, List<ObjectNode>> groupKeys, Consumer<AgentFrame.Message> delivery,
			Consumer<RelayEvent> events, Violations violations, Scheduler worker) {
		this.token = token.getBytes(StandardCharsets.UTF_8);
		this.refusesToken = refusesToken;
		this.keys = keys;
		this.blobs = blobs;
		this.mailbox = mailbox;
		this.groupKeys = groupKeys;
		this.delivery = delivery;
		this.events = events;
		this.violations = violations;
		this.worker = worker;
	}

	void register(HttpServerRoutes routes) {
		routes.put("/agent/prekey-bundle", authorized(this::putBundle))
			.post("/agent/one-time-prekeys", authorized(this::addOneTimeKeys))
			.post("/agent/blobs", authorized(this::addBlob))
			.get("/agent/blobs/{id}", authorized(this::getBlob))
			.get("/agent/group-keys", authorized(this::getGroupKeys))
			.get("/ws/agent", this::openWebSocket);
	}

	private Mono<Void> putBundle(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_JSON).publishOn(this.worker).flatMap((body) -> {
			this.keys.putBundle(body);
			this.events.accept(new RelayEvent.AgentPublished());
			return Json.send(response, 200, Map.of("ok", true));
		});
	}

	private Mono<Void> addOneTimeKeys(HttpServerRequest request, HttpServerResponse response) {
		return RequestBody.read(request, MAX_JSON).publishOn(this.worker).flatMap((body) -> {
			this.keys.addOneTimeKeys(body);
			return response.status(200).send();
		});
	}

	private Mono<Void> addBlob(HttpServerRequest request, HttpServerResponse response) {
		if (!HttpHeaderValues.APPLICATION_OCTET_STREAM
			.contentEqualsIgnoreCase(request.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE, ""))) {
			return RequestBody.discard(request)
				.then(Mono
					.error(new ProtocolViolationException("The blob's content type is not application/octet-stream")));
		}
		return RequestBody.read(request, Blobs.CAPACITY).publishOn(this.worker).flatMap((body) -> {
			String id = this.blobs.add(body);
			String digest = HexFormat.of().formatHex(Sha256.digest(body));
			return Json.send(response, 201, Map.of("id", id, "sha256", digest, "size", body.length));
		});
	}

	private Mono<Void> getBlob(HttpServerRequest request, HttpServerResponse response) {
		byte[] blob = this.blobs.get(Objects.requireNonNull(request.param("id")));
		if (blob == null) {
			return Json.send(response, 404, Map.of("error", "There is no such blob"));
		}
		return response.header(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
			.sendByteArray(Mono.just(blob))
			.then();
	}

	private Mono<Void> getGroupKeys(HttpServerRequest request, HttpServerResponse response) {
		String conversationId = queryParameter(request, "conversation_id");
		if (conversationId.isEmpty()) {
			throw new ProtocolViolationException("The request for group keys names no conversation");
		}
		return Json.send(response, 200, this.groupKeys.apply(conversationId));
	}

	private Publisher<Void> openWebSocket(HttpServerRequest request, HttpServerResponse response) {
		if (!isToken(queryParameter(request, "token"))) {
			return response.status(401).send();
		}
		if (this.keys.identity() == null) {
			this.violations.add("The WebSocket was opened before a bundle was published");
		}
		return response.sendWebsocket(this::converse,
				WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME).build());
	}

	private Publisher<Void> converse(WebsocketInbound inbound, WebsocketOutbound outbound) {
		AgentConnection connection = new AgentConnection();
		// Whatever the connection's end: what came before it is worked on, for a pong may
		// have told the agent that it arrived.
		Mono<Void> incoming = inbound.aggregateFrames(MAX_FRAME)
			.receiveFrames()
			.mapNotNull(this::text)
			.publishOn(this.worker)
			.doOnNext(this::receive)
			.then()
			.onErrorResume(TooLongFrameException.class, (ex) -> {
				this.violations.add("The frame has more than " + MAX_FRAME + " bytes");
				return outbound.sendClose(WebSocketCloseStatus.MESSAGE_TOO_BIG.code(), "The frame is too big");
			})
			.doFinally((signal) -> disconnect(connection));
		Mono<Void> outgoing = outbound.sendString(connection.frames())
			.then(outbound.sendClose(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "The relay closes"))
			.then();
		this.mailbox.connect(connection);
		this.events.accept(new RelayEvent.AgentConnected());
		return Mono.when(incoming, outgoing);
	}

	private void disconnect(AgentConnection connection) {
		this.mailbox.disconnect(connection);
		connection.close();
		this.events.accept(new RelayEvent.AgentDisconnected());
	}

	private @Nullable String text(WebSocketFrame frame) {
		if (frame instanceof TextWebSocketFrame text) {
			return text.text();
		}
		if (!(frame instanceof PongWebSocketFrame)) {
			this.violations.add("The frame is not a text frame");
		}
		return null;
	}

	private void receive(String text) {
		try {
			AgentFrame frame = AgentFrame.parse(text);
			if (frame instanceof AgentFrame.Message message) {
				this.delivery.accept(message);
			}
			else if (frame instanceof AgentFrame.AckRead ack && this.mailbox.acknowledge(ack)) {
				this.events.accept(new RelayEvent.MessageAcknowledged(ack.messageId()));
			}
		}
		catch (ProtocolViolationException ex) {
			this.violations.add(message(ex));
		}
	}

	private BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> authorized(
			BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>> endpoint) {
		return (request, response) -> {
			HttpHeaders headers = request.requestHeaders();
			String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
			if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
					|| !isToken(authorization.substring(BEARER.length()))) {
				return RequestBody.discard(request)
					.then(Json.send(response, 401, Map.of("error", "This is not the agent's token")));
			}
			if (headers.get(HttpHeaderNames.USER_AGENT, "").isEmpty()) {
				this.violations.add("The request has no User-Agent");
			}
			return Mono.defer(() -> endpoint.apply(request, response))
				.onErrorResume(ProtocolViolationException.class, (ex) -> {
					this.violations.add(message(ex));
					return Json.send(response, 400, Map.of("error", message(ex)));
				})
				.onErrorResume(RequestBody.TooLargeException.class,
						(ex) -> Json.send(response, 413, Map.of("error", String.valueOf(ex.getMessage()))));
		};
	}

	private boolean isToken(String presented) {
		return MessageDigest.isEqual(presented.getBytes(StandardCharsets.UTF_8), this.token)
				&& !this.refusesToken.getAsBoolean();
	}

	private static String queryParameter(HttpServerRequest request, String name) {
		return new QueryStringDecoder(request.uri()).parameters().getOrDefault(name, List.of("")).get(0);
	}

	private static String message(ProtocolViolationException ex) {
		return String.valueOf(ex.getMessage());
	}

}
