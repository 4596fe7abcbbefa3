package com.pacerelle.client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.awaitility.Awaitility.await;

/**
 * A relay for one agent that can be told to misbehave. Like the real one, it sends a
 * message again after each reconnect until it is acknowledged.
 */
public final class TestRelay implements AutoCloseable {

	public static final String TOKEN = "t0ken+/=with specials".replace(' ', '-');

	static final JsonMapper JSON = JsonMapper.shared();

	private static final int MAX_FRAME = 32 * 1024 * 1024;

	private final DisposableServer server;

	private final Map<String, String> mailbox = new LinkedHashMap<>();

	private final List<String> frames = new CopyOnWriteArrayList<>();

	private final List<JsonNode> bundles = new CopyOnWriteArrayList<>();

	private final List<JsonNode> oneTimePreKeys = new CopyOnWriteArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final AtomicInteger connections = new AtomicInteger();

	private int nextOneTimePreKey;

	private volatile @Nullable Channel channel;

	private volatile boolean answeringPings = true;

	private volatile boolean reading = true;

	private volatile String token = TOKEN;

	private volatile int httpStatus = 200;

	private volatile int upgradeStatus = 101;

	private volatile int closeCode;

	private volatile int longest = MAX_FRAME;

	private volatile Runnable beforePong = () -> {
	};

	private volatile Runnable onConnect = () -> {
	};

	private volatile Supplier<String> groupKeys = () -> "[]";

	private volatile Runnable onPublish = () -> {
	};

	private final List<Integer> closeCodes = new CopyOnWriteArrayList<>();

	public TestRelay() {
		this(0);
	}

	TestRelay(int port) {
		this(HttpServer.create().port(port));
	}

	/**
	 * Creates a relay.
	 * @param server says on which port, and with which certificate
	 */
	TestRelay(HttpServer server) {
		this.server = server.host("127.0.0.1")
			.route((routes) -> routes
				.put("/agent/prekey-bundle", (request, response) -> publish(request, response, this.bundles))
				.post("/agent/one-time-prekeys", (request, response) -> publish(request, response, this.oneTimePreKeys))
				.get("/agent/group-keys", this::groupKeys)
				.get("/ws/agent", this::upgrade))
			.bindNow();
	}

	int port() {
		return this.server.port();
	}

	/**
	 * Settings of an agent of this relay, which pauses shortly, and gives a busy machine
	 * time to answer.
	 * @param storeRoot where its store is
	 * @return a builder
	 */
	public AgentGatewaySettings.Builder settings(Path storeRoot) {
		return AgentGatewaySettings.builder("agent-1", TOKEN)
			.storeRoot(storeRoot)
			.connection((connection) -> connection.baseUrl(URI.create("http://127.0.0.1:" + port()))
				.pongTimeout(Duration.ofMinutes(1))
				.connectTimeout(Duration.ofMinutes(1))
				.minBackoff(Duration.ofMillis(20))
				.maxBackoff(Duration.ofMillis(100))
				.tokenRefusedBackoff(Duration.ofMillis(200)))
			.handling((handling) -> handling.backoff(Duration.ofMillis(1)));
	}

	private Publisher<Void> publish(HttpServerRequest request, HttpServerResponse response, List<JsonNode> published) {
		this.requests.add(request.method() + " " + request.uri() + " " + request.requestHeaders().get("Authorization")
				+ " " + request.requestHeaders().get("User-Agent"));
		return request.receive().aggregate().asString().flatMap((body) -> {
			this.onPublish.run();
			int status = request.requestHeaders().contains("Authorization", "Bearer " + this.token, false)
					? this.httpStatus : 401;
			if (status < 400) {
				published.add(JSON.readTree(body));
			}
			return response.status(status).send().then();
		});
	}

	private Publisher<Void> groupKeys(HttpServerRequest request, HttpServerResponse response) {
		this.requests.add("GET " + request.uri() + " " + request.requestHeaders().get("Authorization"));
		return response.status(this.httpStatus).sendString(Mono.fromSupplier(this.groupKeys));
	}

	private Publisher<Void> upgrade(HttpServerRequest request, HttpServerResponse response) {
		this.requests.add("GET " + request.uri());
		if (this.upgradeStatus != 101) {
			return response.status(this.upgradeStatus).send();
		}
		if (!new QueryStringDecoder(request.uri()).parameters().get("token").equals(List.of(this.token))) {
			return response.status(401).send();
		}
		return response.sendWebsocket(this::serve,
				WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME).handlePing(true).build());
	}

	private Publisher<Void> serve(WebsocketInbound inbound, WebsocketOutbound outbound) {
		inbound.withConnection((connection) -> this.channel = connection.channel());
		Channel own = this.channel;
		this.connections.incrementAndGet();
		inbound.receiveCloseStatus().subscribe((status) -> this.closeCodes.add(status.code()));
		this.onConnect.run();
		if (this.closeCode != 0) {
			return outbound.sendClose(this.closeCode, "");
		}
		synchronized (this.mailbox) {
			this.mailbox.values().forEach((json) -> own.writeAndFlush(new TextWebSocketFrame(json)));
		}
		return inbound.receiveFrames().doOnNext((frame) -> onFrame(own, frame)).then(Mono.never());
	}

	private void onFrame(Channel own, WebSocketFrame frame) {
		if (!this.reading) {
			return;
		}
		if (frame instanceof PingWebSocketFrame) {
			ByteBuf payload = Unpooled.copiedBuffer(frame.content());
			this.beforePong.run();
			if (this.answeringPings) {
				own.writeAndFlush(new PongWebSocketFrame(payload));
			}
		}
		else if (frame instanceof TextWebSocketFrame text) {
			String json = text.text();
			if (json.length() > this.longest) {
				own.writeAndFlush(new CloseWebSocketFrame(1009, ""));
				return;
			}
			JsonNode node = JSON.readTree(json);
			if (node.path("type").stringValue("").equals("ACK_READ")) {
				synchronized (this.mailbox) {
					this.mailbox.remove(node.path("message_id").stringValue(""));
				}
			}
			this.frames.add(json);
		}
	}

	/**
	 * Sends a message, and again after each reconnect until it is acknowledged.
	 * @param id its id
	 * @param json the frame
	 */
	void deliver(String id, String json) {
		synchronized (this.mailbox) {
			this.mailbox.put(id, json);
			write(new TextWebSocketFrame(json));
		}
	}

	void deliver(Map<String, ?> frame) {
		deliver((String) frame.get("id"), JSON.writeValueAsString(frame));
	}

	void send(String json) {
		awaitConnection();
		write(new TextWebSocketFrame(json));
	}

	void sendText(byte[] bytes) {
		write(new TextWebSocketFrame(true, 0, Unpooled.wrappedBuffer(bytes)));
	}

	void sendBinary(byte[] bytes) {
		write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(bytes)));
	}

	void sendFragments(String... parts) {
		for (int i = 0; i < parts.length; i++) {
			boolean last = i == parts.length - 1;
			write((i == 0) ? new TextWebSocketFrame(last, 0, parts[i])
					: new ContinuationWebSocketFrame(last, 0, parts[i]));
		}
	}

	void close(int code) {
		awaitConnection();
		write(new CloseWebSocketFrame(code, ""));
	}

	/** The client knows of its connection before this side does. */
	private void awaitConnection() {
		await().until(this::isConnected);
	}

	private void write(WebSocketFrame frame) {
		Channel current = this.channel;
		if (current != null && current.isActive()) {
			current.writeAndFlush(frame);
		}
	}

	/**
	 * Ends the connection without a word.
	 */
	void drop() {
		Channel current = this.channel;
		if (current != null) {
			current.close().syncUninterruptibly();
		}
	}

	public boolean isConnected() {
		Channel current = this.channel;
		return current != null && current.isActive();
	}

	/**
	 * Closes the connection when a longer frame comes.
	 * @param length the length of the longest frame that is taken
	 */
	void refuseLongerThan(int length) {
		this.longest = length;
	}

	void answerPings(boolean answering) {
		this.answeringPings = answering;
	}

	/**
	 * Called when a ping came, before it is answered.
	 * @param action what to do
	 */
	void beforePong(Runnable action) {
		this.beforePong = action;
	}

	void onConnect(Runnable action) {
		this.onConnect = action;
	}

	/**
	 * Called when prekeys come, before they count as published.
	 * @param action what to do
	 */
	public void onPublish(Runnable action) {
		this.onPublish = action;
	}

	/**
	 * Answers requests for the keys of groups.
	 * @param body what to answer, at each request
	 */
	void distribute(Supplier<String> body) {
		this.groupKeys = body;
	}

	/**
	 * With which codes connections were closed.
	 * @return the codes
	 */
	List<Integer> closeCodes() {
		return this.closeCodes;
	}

	/**
	 * Whether frames have any effect: a relay that does not read is half open.
	 * @param reading whether it reads
	 */
	void read(boolean reading) {
		this.reading = reading;
	}

	/**
	 * Lets connections stay, but refuses the old token from now on.
	 * @param token the only token that is taken
	 */
	void accept(String token) {
		this.token = token;
	}

	public void answerHttpWith(int status) {
		this.httpStatus = status;
	}

	void answerUpgradeWith(int status) {
		this.upgradeStatus = status;
	}

	void closeWith(int code) {
		this.closeCode = code;
	}

	public int connections() {
		return this.connections.get();
	}

	public List<String> requests() {
		return this.requests;
	}

	public List<JsonNode> bundles() {
		return this.bundles;
	}

	public List<JsonNode> publishedOneTimePreKeys() {
		return this.oneTimePreKeys.stream()
			.flatMap((published) -> published.path("one_time_prekeys").valueStream())
			.toList();
	}

	/**
	 * Hands out a one-time prekey, each once.
	 * @return the prekey, or {@code null} if none is left
	 */
	synchronized @Nullable JsonNode takeOneTimePreKey() {
		List<JsonNode> published = publishedOneTimePreKeys();
		return (this.nextOneTimePreKey < published.size()) ? published.get(this.nextOneTimePreKey++) : null;
	}

	/**
	 * All text frames of the agent, as they came.
	 * @return the frames
	 */
	public List<String> frames() {
		return this.frames;
	}

	List<JsonNode> messages() {
		return this.frames.stream()
			.map(JSON::readTree)
			.filter((frame) -> frame.path("type").stringValue("").equals("MSG"))
			.toList();
	}

	public List<String> acknowledged() {
		return this.frames.stream()
			.map(JSON::readTree)
			.filter((frame) -> frame.path("type").stringValue("").equals("ACK_READ"))
			.map((frame) -> frame.path("message_id").stringValue(""))
			.toList();
	}

	@Override
	public void close() {
		drop();
		this.server.disposeNow(Duration.ofMinutes(1));
	}

}
