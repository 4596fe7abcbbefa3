package com.pacerelle.client.connection;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.ConnectionSettings;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.concurrent.ScheduledFuture;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;
import reactor.netty.Connection;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * One socket, from the upgrade to the close, and all that ends with it: frames in and
 * out, the heartbeat, whether it is read. Its state is confined to the socket's event
 * loop, where nothing blocks.
 */
final class GatewaySession implements FrameWriter {

	private static final Logger logger = LoggerFactory.getLogger(GatewaySession.class);

	private static final int NORMAL_CLOSURE = 1000;

	private static final long CLOSE_TIMEOUT_MILLIS = 1000;

	/** Longer than it takes to store what waits, and much shorter than a relay waits. */
	private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ConnectionSettings settings;

	private final Redaction redaction;

	private final FrameListener frameListener;

	private final SessionListener sessionListener;

	private final Connection connection;

	private final Channel channel;

	private final WebsocketInbound inbound;

	private final WebsocketOutbound outbound;

	private final Heartbeat heartbeat;

	private final Outgoing outgoing;

	private final Receiver receiver = new Receiver();

	private final CompletableFuture<ConnectionEnd> end = new CompletableFuture<>();

	private boolean paused;

	/** There has been no room for so long that it is read without. */
	private boolean overdue;

	private long pausedAt;

	private volatile boolean proven;

	/**
	 * Takes over a socket right after its upgrade.
	 * @param settings the settings
	 * @param redaction blanks the token of this socket
	 * @param frameListener told about frames
	 * @param sessionListener told about the session
	 * @param connection the socket
	 * @param inbound the way in
	 * @param outbound the way out
	 */
	GatewaySession(ConnectionSettings settings, Redaction redaction, FrameListener frameListener,
			SessionListener sessionListener, Connection connection, WebsocketInbound inbound,
			WebsocketOutbound outbound) {
		this.settings = settings;
		this.redaction = redaction;
		this.frameListener = frameListener;
		this.sessionListener = sessionListener;
		this.connection = connection;
		this.channel = connection.channel();
		this.inbound = inbound;
		this.outbound = outbound;
		this.heartbeat = new Heartbeat(settings.pingInterval(), settings.pongTimeout(), System.nanoTime());
		this.outgoing = new Outgoing(this.channel, this.heartbeat, this::fail);
	}

	/**
	 * Starts to read and to ping, on the event loop.
	 */
	void open() {
		// Between the HTTP codec and the decoder, which has seen nothing yet.
		this.channel.pipeline()
			.addBefore("ws-decoder", "pacerelle-oversize", new OversizeFrameFilter(this.settings.maxFrameSize(),
					() -> this.heartbeat.received(System.nanoTime())));
		this.connection.addHandlerLast("pacerelle-aggregator", new FragmentAggregator(this.settings.maxFrameSize()));
		this.inbound.receiveCloseStatus()
			.subscribe((status) -> this.end.complete(ConnectionEnd.ofCloseCode(status.code())), (failure) -> {
				// Told to the receiver as well.
			});
		this.sessionListener.opened(this);
		this.inbound.receiveFrames().subscribe(this.receiver);
		this.outgoing.ping();
		long tick = Math.min(this.settings.pingInterval().toNanos(), this.settings.pongTimeout().toNanos()) / 4;
		ScheduledFuture<?> beat = this.channel.eventLoop()
			.scheduleAtFixedRate(this::beat, tick, tick, TimeUnit.NANOSECONDS);
		this.connection.onDispose(() -> {
			beat.cancel(false);
			this.end.complete(ConnectionEnd.of("the connection was lost"));
		});
	}

	/**
	 * How the session ended.
	 * @return completes when it is known
	 */
	CompletableFuture<ConnectionEnd> end() {
		return this.end;
	}

	@Override
	public void write(String json, long sequence) {
		this.outgoing.add(json, sequence);
	}

	/**
	 * Reads on after {@link FrameListener#hasRoom()} has said that there is no room.
	 */
	void resume() {
		this.channel.eventLoop().execute(() -> {
			this.overdue = false;
			readOn();
		});
	}

	private void readOn() {
		if (this.paused) {
			this.paused = false;
			this.heartbeat.resume(System.nanoTime());
			this.receiver.request(1);
		}
	}

	private boolean isRead() {
		return this.frameListener.hasRoom() || (this.overdue && this.frameListener.mayLeave());
	}

	private void pause() {
		this.paused = true;
		this.pausedAt = System.nanoTime();
		this.heartbeat.pause();
	}

	/**
	 * Sends a close frame and closes the socket.
	 */
	@Override
	public void close(String reason) {
		this.channel.eventLoop().execute(() -> {
			this.outbound.sendClose(NORMAL_CLOSURE, null).subscribe((sent) -> {
			}, (failure) -> logger.debug("The socket was closed before"));
			this.channel.eventLoop().schedule(() -> this.channel.close(), CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
			this.end.complete(ConnectionEnd.ofClosing(reason));
		});
	}

	/**
	 * Whether the relay has answered a ping.
	 * @return whether more than the upgrade worked
	 */
	boolean isProven() {
		return this.proven;
	}

	private void fail(Throwable failure) {
		try {
			this.end.complete(ConnectionEnd.ofFailure(failure, this.redaction));
		}
		finally {
			this.channel.close();
		}
	}

	/** A timer ends with the first failure, and would see nothing any more. */
	private void beat() {
		try {
			if (this.paused && System.nanoTime() - this.pausedAt > MAX_PAUSE_NANOS && this.frameListener.mayLeave()) {
				this.overdue = true;
				readOn();
			}
			if (this.heartbeat.isDead(System.nanoTime())) {
				this.end.complete(ConnectionEnd.of("the relay did not answer a ping"));
				this.channel.close();
			}
			else {
				this.outgoing.pingWhenDue();
			}
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
		}
	}

	/** Whatever fails here ends the session: else it would not be read any more. */
	private void onFrame(WebSocketFrame frame) {
		try {
			take(frame);
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
		}
	}

	private void take(WebSocketFrame frame) {
		if (frame instanceof TextWebSocketFrame) {
			onText(frame);
		}
		else if (frame instanceof PongWebSocketFrame) {
			onPong(frame);
		}
		else {
			this.frameListener.ignored();
		}
		if (isRead()) {
			this.receiver.request(1);
		}
		else {
			logger.debug("Stopped reading: there is no room for more messages");
			pause();
		}
	}

	private void onText(WebSocketFrame frame) {
		if (ByteBufUtil.isText(frame.content(), StandardCharsets.UTF_8)) {
			this.frameListener.received(ByteBufUtil.getBytes(frame.content()));
		}
		else {
			this.frameListener.ignored();
		}
	}

	private void onPong(WebSocketFrame pong) {
		if (pong.content().readableBytes() != Long.BYTES || !this.heartbeat.pong(pong.content().readLong())) {
			return;
		}
		this.proven = true;
		this.sessionListener.delivered(this, this.heartbeat.pingedSequence());
		this.outgoing.pingWhenDue();
	}

	private final class Receiver extends BaseSubscriber<WebSocketFrame> {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			GatewaySession.this.frameListener.opened();
			if (isRead()) {
				request(1);
			}
			else {
				pause();
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

}
