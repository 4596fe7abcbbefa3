package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One socket, from the upgrade to the close, and all that dies with it: frames on their
 * way out, the heartbeat, whether it is read. Its state is confined to the socket's event
 * loop, where nothing blocks.
 */
final class GatewaySession {

	private static final Logger logger = LoggerFactory.getLogger(GatewaySession.class);

	private static final int NORMAL_CLOSURE = 1000;

	private static final long CLOSE_TIMEOUT_MILLIS = 1000;

	private final ConnectionSettings settings;

	private final Redaction redaction;

	private final Listener listener;

	private final Channel channel;

	private final WebsocketOutbound outbound;

	private final Heartbeat heartbeat;

	private final Receiver receiver = new Receiver();

	private final Queue<Outgoing> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean writing = new AtomicBoolean();

	private final CompletableFuture<ConnectionEnd> end = new CompletableFuture<>();

	private long writtenSequence;

	private boolean paused;

	private volatile boolean proven;

	private @Nullable ScheduledFuture<?> nextPing;

	private GatewaySession(ConnectionSettings settings, Redaction redaction, Listener listener, Channel channel,
			WebsocketOutbound outbound) {
		this.settings = settings;
		this.redaction = redaction;
		this.listener = listener;
		this.channel = channel;
		this.outbound = outbound;
		this.heartbeat = new Heartbeat(settings.pingInterval(), settings.pongTimeout(), System.nanoTime());
	}

	/**
	 * Takes over a socket right after its upgrade.
	 * @param settings the settings
	 * @param redaction blanks the token of this socket
	 * @param listener told about the session, on the event loop
	 * @param inbound the way in
	 * @param outbound the way out
	 * @param opened completed with the session
	 * @return completes with the end of the session
	 */
	static Publisher<ConnectionEnd> run(ConnectionSettings settings, Redaction redaction, Listener listener,
			WebsocketInbound inbound, WebsocketOutbound outbound, CompletableFuture<GatewaySession> opened) {
		inbound.withConnection((connection) -> opened
			.complete(new GatewaySession(settings, redaction, listener, connection.channel(), outbound).open(connection,
					inbound)));
		return Mono.fromFuture(opened.join().end, true);
	}

	private GatewaySession open(Connection connection, WebsocketInbound inbound) {
		// Between the HTTP codec and the decoder, which has seen nothing yet.
		this.channel.pipeline()
			.addBefore("ws-decoder", "pacerelle-oversize", new OversizeFrameFilter(this.settings.maxFrameSize(),
					() -> this.heartbeat.heard(System.nanoTime())));
		connection.addHandlerLast("pacerelle-aggregator", new Aggregator(this.settings.maxFrameSize()));
		inbound.receiveCloseStatus()
			.subscribe((status) -> this.end.complete(ConnectionEnd.ofCloseCode(status.code())), (failure) -> {
				// Told to the receiver as well.
			});
		this.listener.opened(this);
		inbound.receiveFrames().subscribe(this.receiver);
		ping();
		long tick = Math.min(this.settings.pingInterval().toNanos(), this.settings.pongTimeout().toNanos()) / 4;
		ScheduledFuture<?> beat = this.channel.eventLoop()
			.scheduleAtFixedRate(this::beat, tick, tick, TimeUnit.NANOSECONDS);
		connection.onDispose(() -> {
			beat.cancel(false);
			this.end.complete(ConnectionEnd.of("the connection was lost"));
		});
		return this;
	}

	/**
	 * Writes a frame after those written before, from any thread; never waits.
	 * @param json the frame
	 * @param sequence its place in the outbox, or 0 if it has none
	 */
	void write(String json, long sequence) {
		this.queue.add(new Outgoing(json, sequence));
		if (this.writing.compareAndSet(false, true)) {
			this.channel.eventLoop().execute(this::drain);
		}
	}

	/**
	 * Reads on after {@link Listener#received} has asked to stop.
	 */
	void resume() {
		this.channel.eventLoop().execute(() -> {
			if (this.paused) {
				this.paused = false;
				this.heartbeat.resume(System.nanoTime());
				this.receiver.request(1);
			}
		});
	}

	/**
	 * Closes the socket, politely where the relay still answers.
	 * @param reason why, for the log
	 */
	void close(String reason) {
		this.channel.eventLoop().execute(() -> {
			this.outbound.sendClose(NORMAL_CLOSURE, null).subscribe((sent) -> {
			}, (failure) -> logger.debug("The socket was closed before"));
			this.channel.eventLoop().schedule(() -> this.channel.close(), CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
			this.end.complete(ConnectionEnd.of(reason));
		});
	}

	/**
	 * Whether the relay has answered a ping.
	 * @return whether more than the upgrade worked
	 */
	boolean isProven() {
		return this.proven;
	}

	private void drain() {
		this.writing.set(false);
		boolean written = false;
		for (Outgoing next = this.queue.poll(); next != null; next = this.queue.poll()) {
			this.channel.write(new TextWebSocketFrame(ByteBufUtil.writeUtf8(this.channel.alloc(), next.json())));
			this.writtenSequence = Math.max(this.writtenSequence, next.sequence());
			written = true;
		}
		if (written) {
			this.channel.flush();
			pingWhenDue();
		}
	}

	private void pingWhenDue() {
		if (this.nextPing != null) {
			return;
		}
		long wait = this.heartbeat.nanosUntilPing(System.nanoTime(), this.writtenSequence);
		if (wait <= 0) {
			ping();
		}
		else if (wait <= Heartbeat.CONFIRMATION_NANOS) {
			this.nextPing = this.channel.eventLoop().schedule(() -> {
				this.nextPing = null;
				pingWhenDue();
			}, wait, TimeUnit.NANOSECONDS);
		}
	}

	private void ping() {
		long number = this.heartbeat.ping(System.nanoTime(), this.writtenSequence);
		this.channel.writeAndFlush(new PingWebSocketFrame(Unpooled.copyLong(number)));
	}

	private void beat() {
		if (this.heartbeat.isDead(System.nanoTime())) {
			this.end.complete(ConnectionEnd.of("the relay did not answer a ping"));
			this.channel.close();
		}
		else {
			pingWhenDue();
		}
	}

	private void onFrame(WebSocketFrame frame) {
		if (frame instanceof TextWebSocketFrame) {
			onText(frame);
		}
		else if (frame instanceof PongWebSocketFrame) {
			onPong(frame);
		}
		else {
			this.listener.ignored();
		}
		if (this.listener.hasRoom()) {
			this.receiver.request(1);
		}
		else {
			logger.debug("Stopped reading: as many messages wait as may");
			this.paused = true;
			this.heartbeat.pause();
		}
	}

	private void onText(WebSocketFrame frame) {
		if (ByteBufUtil.isText(frame.content(), StandardCharsets.UTF_8)) {
			this.listener.received(ByteBufUtil.getBytes(frame.content()));
		}
		else {
			this.listener.ignored();
		}
	}

	private void onPong(WebSocketFrame pong) {
		if (pong.content().readableBytes() != Long.BYTES || !this.heartbeat.pong(pong.content().readLong())) {
			return;
		}
		this.proven = true;
		this.listener.delivered(this, this.heartbeat.pingedSequence());
		pingWhenDue();
	}

	/**
	 * What a session tells, on the event loop: nothing of this may block.
	 */
	interface Listener {

		void opened(GatewaySession session);

		void received(byte[] utf8);

		/**
		 * A frame came that is no text.
		 */
		void ignored();

		/**
		 * Whether more can be taken. If not, somebody calls {@link #resume()} later.
		 * @return whether to read on
		 */
		boolean hasRoom();

		/**
		 * The relay has read all frames of the outbox up to this one.
		 * @param session which session they were written to
		 * @param sequence the sequence of the last one, or 0
		 */
		void delivered(GatewaySession session, long sequence);

	}

	private record Outgoing(String json, long sequence) {
	}

	private final class Receiver extends BaseSubscriber<WebSocketFrame> {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			if (GatewaySession.this.listener.hasRoom()) {
				request(1);
			}
			else {
				GatewaySession.this.paused = true;
				GatewaySession.this.heartbeat.pause();
			}
		}

		@Override
		protected void hookOnNext(WebSocketFrame frame) {
			onFrame(frame);
		}

		@Override
		protected void hookOnComplete() {
			GatewaySession.this.end.complete(ConnectionEnd.of("the connection was lost"));
		}

		@Override
		protected void hookOnError(Throwable failure) {
			GatewaySession.this.end.complete(ConnectionEnd.ofFailure(failure, GatewaySession.this.redaction));
		}

	}

	/**
	 * Puts fragments together, and lets go of a message that grows too large: an empty
	 * frame stands in for it.
	 */
	private static final class Aggregator extends WebSocketFrameAggregator {

		Aggregator(int maxContentLength) {
			super(maxContentLength);
		}

		@Override
		protected void handleOversizedMessage(ChannelHandlerContext context, WebSocketFrame oversized) {
			context.fireChannelRead(new BinaryWebSocketFrame());
		}

	}

}
