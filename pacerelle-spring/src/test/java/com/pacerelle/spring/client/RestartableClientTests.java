package com.pacerelle.spring.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.Conversation;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.StoreException;
import com.pacerelle.client.store.StoreInUseException;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A client that is stopped and started, as an application context does.
 */
class RestartableClientTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final List<GatewayEvent> events = new CopyOnWriteArrayList<>();

	private final DisposableServer relay = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.route((routes) -> routes.ws("/ws/agent", this::serve))
		.bindNow();

	@TempDir
	private Path root;

	private volatile Sinks.Many<String> socket = Sinks.many().unicast().onBackpressureBuffer();

	private AgentStore store;

	private RestartableClient client;

	@BeforeEach
	void create() {
		AgentGatewaySettings settings = AgentGatewaySettings.builder("agent-1", "t0ken")
			.encrypted(false)
			.storeRoot(this.root)
			.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:" + this.relay.port()))
				.minBackoff(Duration.ofMillis(20))
				.maxBackoff(Duration.ofMillis(100)))
			.build();
		this.store = SqliteAgentStore.open(this.root, "agent-1");
		this.client = new RestartableClient(this.store, () -> new DefaultAgentGatewayClient(settings, this.store,
				(message, conversation) -> Mono.just(new Reply("Received: " + message.text()))));
		this.client.events().subscribe(this.events::add);
	}

	@AfterEach
	void close() {
		this.client.stop(Duration.ZERO).block(PATIENCE);
		this.store.close();
		this.relay.disposeNow();
	}

	@Test
	void startsAgainWithTheSameStoreAndAnswers() {
		this.client.start();
		this.client.connected().block(PATIENCE);
		write("m-1", "hello");
		awaitReplies("Received: hello");
		this.client.stop(Duration.ZERO).block(PATIENCE);
		assertThat(this.client.state()).isEqualTo(ConnectionState.STOPPED);

		this.client.start();
		this.client.connected().block(PATIENCE);
		write("m-1", "hello");
		write("m-2", "again");
		awaitReplies("Received: hello", "Received: again");
		await().until(() -> this.events.stream()
			.filter(new GatewayEvent.ConnectionChanged(ConnectionState.CONNECTED)::equals)
			.count() == 2);
	}

	@Test
	void storeIsClosedWhileItIsStopped() {
		assertThatExceptionOfType(StoreInUseException.class)
			.isThrownBy(() -> SqliteAgentStore.open(this.root, "agent-1"));
		this.client.start();
		this.client.stop(Duration.ZERO).block(PATIENCE);
		assertThatExceptionOfType(StoreException.class).isThrownBy(() -> this.client.devices("alice"));
		SqliteAgentStore.open(this.root, "agent-1").close();
		this.client.start();
		assertThat(this.client.devices("alice")).isEmpty();
	}

	@Test
	void whatBelongsToTheStoppedClientFailsAndWhatIsNewWorks() {
		this.client.start();
		Conversation old = this.client.conversation("alice", "c-1");
		this.client.stop(Duration.ZERO).block(PATIENCE);
		this.client.start();
		StepVerifier.create(old.sendMessage("lost")).expectError(ClientStoppedException.class).verify(PATIENCE);
		this.client.conversation("alice", "c-1").sendMessage("new").block(PATIENCE);
		awaitReplies("new");
	}

	@Test
	void startDuringAStopWaitsForIt() {
		this.client.start();
		this.client.stop(Duration.ofSeconds(1)).subscribe();
		this.client.start();
		this.client.connected().block(PATIENCE);
		assertThat(this.client.state()).isEqualTo(ConnectionState.CONNECTED);
	}

	private void write(String id, String text) {
		String payload = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
		this.socket.tryEmitNext("""
				{"type":"MSG","id":"%s","from":"alice","conversation_id":"c-1","to":"agent-1","encrypted":false,
				"payload_b64":"%s"}""".formatted(id, payload));
	}

	private void awaitReplies(String... texts) {
		await().untilAsserted(() -> assertThat(this.received).containsExactly(texts));
	}

	private Publisher<Void> serve(WebsocketInbound inbound, WebsocketOutbound outbound) {
		Sinks.Many<String> frames = Sinks.many().unicast().onBackpressureBuffer();
		this.socket = frames;
		inbound.receive().asString().onErrorComplete().subscribe((frame) -> {
			String marker = "\"payload_b64\":\"";
			int start = frame.indexOf(marker);
			if (start >= 0) {
				int end = frame.indexOf('"', start + marker.length());
				byte[] text = Base64.getDecoder().decode(frame.substring(start + marker.length(), end));
				this.received.add(new String(text, StandardCharsets.UTF_8));
			}
		});
		return outbound.sendString(frames.asFlux()).then();
	}

}
