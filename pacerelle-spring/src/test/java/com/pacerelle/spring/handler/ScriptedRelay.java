package com.pacerelle.spring.handler;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentMessage;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A relay without encryption that sends messages to the agent that connects, and keeps
 * what comes back.
 */
final class ScriptedRelay implements AutoCloseable {

	private static final JsonMapper json = JsonMapper.shared();

	private final List<AgentMessage> messages;

	private final Queue<JsonNode> received = new ConcurrentLinkedQueue<>();

	private final DisposableServer server;

	ScriptedRelay(List<AgentMessage> messages) {
		this.messages = messages;
		this.server = HttpServer.create()
			.bindAddress(() -> new InetSocketAddress("127.0.0.1", 0))
			.route((routes) -> routes.ws("/ws/agent", this::serve))
			.bindNow();
	}

	private Publisher<Void> serve(WebsocketInbound inbound, WebsocketOutbound outbound) {
		outbound.sendString(Flux.fromIterable(this.messages).map(ScriptedRelay::frame)).then().subscribe();
		return inbound.receive().asString().doOnNext((frame) -> this.received.add(json.readTree(frame))).then();
	}

	private static String frame(AgentMessage message) {
		return json.writeValueAsString(Map.of("type", "MSG", "id", message.id(), "from", message.from(),
				"conversation_id", message.conversationId(), "to", "agent", "encrypted", false, "payload_b64",
				Base64.getEncoder().encodeToString(message.text().getBytes(StandardCharsets.UTF_8))));
	}

	URI address() {
		return URI.create("http://127.0.0.1:" + this.server.port());
	}

	/**
	 * The ids of the acknowledged messages.
	 * @return the ids, one for each acknowledgement
	 */
	List<String> acknowledged() {
		return received("ACK_READ").map((frame) -> frame.get("message_id").asString()).toList();
	}

	/**
	 * The texts of the replies.
	 * @return the texts by the ids of the messages that they answer
	 */
	Map<String, List<String>> replies() {
		return received("MSG").collect(Collectors.groupingBy((frame) -> frame.get("reply_to_message_id").asString(),
				Collectors
					.mapping((frame) -> new String(Base64.getDecoder().decode(frame.get("payload_b64").asString()),
							StandardCharsets.UTF_8), Collectors.toList())));
	}

	private Stream<JsonNode> received(String type) {
		return this.received.stream().filter((frame) -> frame.get("type").asString().equals(type));
	}

	@Override
	public void close() {
		this.server.disposeNow(Duration.ofMinutes(1));
	}

}
