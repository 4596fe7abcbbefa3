package com.pacerelle.client;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/**
 * Publishes prekeys, connects, waits for the end of the connection, pauses, and begins
 * again, until it is stopped: the one place that decides on reconnects. Runs on a thread
 * of its own, which is free to block.
 */
final class ConnectionLoop implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionLoop.class);

	private static final Duration MAINTENANCE = Duration.ofHours(1);

	private final String agentId;

	private final boolean encrypted;

	private final ConnectionSettings settings;

	private final HttpClient httpClient;

	private final PreKeys preKeys;

	private final FrameRouter router;

	private final Outbox outbox;

	private final Events events;

	private final AtomicReference<AgentToken> token;

	private final Backoff backoff;

	private final Backoff preKeyBackoff;

	private final Semaphore wakeUp = new Semaphore(0);

	private final CompletableFuture<@Nullable Void> firstAttempt = new CompletableFuture<>();

	private volatile ConnectionState state = ConnectionState.STOPPED;

	private volatile boolean stopping;

	private volatile boolean preKeyUsed;

	private boolean tokenRefused;

	ConnectionLoop(AgentGatewaySettings settings, AtomicReference<AgentToken> token, HttpClient httpClient,
			PreKeys preKeys, FrameRouter router, Outbox outbox, Events events) {
		this.agentId = settings.agentId();
		this.encrypted = settings.encrypted();
		this.settings = settings.connection();
		this.httpClient = httpClient;
		this.preKeys = preKeys;
		this.router = router;
		this.outbox = outbox;
		this.events = events;
		this.token = token;
		this.backoff = new Backoff(this.settings.minBackoff(), this.settings.maxBackoff(), new SplittableRandom());
		this.preKeyBackoff = new Backoff(this.settings.minBackoff(), this.settings.maxBackoff(),
				new SplittableRandom());
	}

	ConnectionState state() {
		return this.state;
	}

	/**
	 * How the first attempt went.
	 * @return completes when it is known
	 */
	CompletableFuture<@Nullable Void> firstAttempt() {
		return this.firstAttempt;
	}

	/**
	 * Has prekeys replaced soon, also while the connection lasts.
	 */
	void preKeyUsed() {
		this.preKeyUsed = true;
		this.wakeUp.release();
	}

	/**
	 * Ends the pause after a refused token.
	 */
	void tokenReplaced() {
		this.wakeUp.release();
	}

	/**
	 * Makes no more attempts. An open connection stays open.
	 */
	void stop() {
		this.stopping = true;
		this.wakeUp.release();
	}

	@Override
	public void run() {
		try {
			while (!this.stopping) {
				AgentToken attempted = this.token.get();
				ConnectionEnd end = attempt(attempted);
				if (!this.stopping) {
					pause(end, attempted);
				}
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted, no more attempts to connect");
		}
	}

	private ConnectionEnd attempt(AgentToken attempted) throws InterruptedException {
		change(ConnectionState.CONNECTING);
		try {
			if (this.encrypted) {
				this.preKeys.refresh();
			}
			return connect(attempted);
		}
		catch (RuntimeException | Error ex) {
			return ConnectionEnd.ofFailure(ex, new Redaction(attempted));
		}
	}

	private ConnectionEnd connect(AgentToken attempted) throws InterruptedException {
		CompletableFuture<GatewaySession> opened = new CompletableFuture<>();
		CompletableFuture<ConnectionEnd> end = new CompletableFuture<>();
		Redaction redaction = new Redaction(attempted);
		opened.thenRun(this.wakeUp::release);
		end.thenRun(this.wakeUp::release);
		Disposable connection = this.httpClient
			.doOnChannelInit((observer, channel, address) -> channel.pipeline()
				.addAfter(NettyPipeline.HttpCodec, "pacerelle-token", new TokenAppender(attempted)))
			.websocket(WebsocketClientSpec.builder().maxFramePayloadLength(this.settings.maxFrameSize()).build())
			.uri(this.settings.socketAddress().toString())
			.handle((inbound, outbound) -> GatewaySession.run(this.settings, redaction, this.router, inbound, outbound,
					opened))
			.subscribe(end::complete, (failure) -> end.complete(ConnectionEnd.ofFailure(failure, redaction)),
					() -> end.complete(ConnectionEnd.of("the connection was lost")));
		try {
			long deadline = System.nanoTime() + this.settings.connectTimeout().toNanos();
			while (!opened.isDone() && !end.isDone() && !this.stopping) {
				if (!awaitWakeUp(deadline - System.nanoTime())) {
					return ConnectionEnd.of("the relay did not accept it in time");
				}
			}
			if (opened.isDone()) {
				stayConnected(opened.join(), end);
			}
			return end.getNow(ConnectionEnd.of("stopped"));
		}
		finally {
			if (!this.stopping || !opened.isDone()) {
				this.outbox.detach();
				connection.dispose();
			}
		}
	}

	private void stayConnected(GatewaySession session, CompletableFuture<ConnectionEnd> end)
			throws InterruptedException {
		long since = System.nanoTime();
		this.tokenRefused = false;
		change(ConnectionState.CONNECTED);
		logger.info("Connected to {}", this.settings.webSocketUrl().getAuthority());
		this.firstAttempt.complete(null);
		long maintenance = since + MAINTENANCE.toNanos();
		while (!end.isDone() && !this.stopping) {
			boolean woken = awaitWakeUp(maintenance - System.nanoTime());
			if (!end.isDone() && (this.preKeyUsed || !woken)) {
				maintenance = System.nanoTime() + maintain().toNanos();
			}
		}
		if (session.isProven() && System.nanoTime() - since > this.settings.pongTimeout().toNanos()) {
			this.backoff.reset();
		}
		if (end.isDone() && end.join().kind() == ConnectionEnd.Kind.FRAME_TOO_LARGE) {
			this.outbox.giveUpLargest();
		}
	}

	/**
	 * Replaces used and old prekeys while the connection lasts.
	 * @return how long until this is to be done again
	 */
	private Duration maintain() {
		if (!this.encrypted) {
			return MAINTENANCE;
		}
		this.preKeyUsed = false;
		try {
			this.preKeys.refresh();
			this.preKeyBackoff.reset();
			return MAINTENANCE;
		}
		catch (RuntimeException ex) {
			ConnectionEnd failure = ConnectionEnd.ofFailure(ex, new Redaction(this.token.get()));
			Duration pause = failure.isTokenRefused() ? this.settings.tokenRefusedBackoff() : this.preKeyBackoff.next();
			logger.warn("New prekeys could not be published, next attempt in {} ms: {}", pause.toMillis(),
					failure.reason());
			return pause;
		}
	}

	private void pause(ConnectionEnd end, AgentToken attempted) throws InterruptedException {
		if (end.isTokenRefused() && isReplaced(attempted)) {
			logger.info("The relay let go of a token that was replaced, connecting with the new one");
			return;
		}
		Duration pause = end.isTokenRefused() ? this.settings.tokenRefusedBackoff() : this.backoff.next();
		if (end.isTokenRefused()) {
			logRefusedToken(end, pause);
			change(ConnectionState.TOKEN_REFUSED);
			this.firstAttempt.completeExceptionally(new TokenRefusedException(
					"The relay at " + this.settings.webSocketUrl().getAuthority() + " refused the agent's token: "
							+ end.reason() + ". Copy the agent's id and token from the app again."));
		}
		else {
			logger.warn("Not connected to {}: {}; next attempt in {} ms", this.settings.webSocketUrl().getAuthority(),
					end.reason(), pause.toMillis());
			change(ConnectionState.WAITING);
			this.firstAttempt.completeExceptionally(
					new RelayUnreachableException("The relay at " + this.settings.baseUrl() + " cannot be reached: "
							+ end.reason() + ". Check the address and the network.", end.failure()));
		}
		long deadline = System.nanoTime() + pause.toNanos();
		while (!this.stopping && awaitWakeUp(deadline - System.nanoTime())) {
			if (end.isTokenRefused() && isReplaced(attempted)) {
				logger.info("The token was replaced, connecting with the new one");
				return;
			}
		}
	}

	private boolean isReplaced(AgentToken attempted) {
		return this.token.get() != attempted;
	}

	private void logRefusedToken(ConnectionEnd end, Duration pause) {
		if (!this.tokenRefused) {
			this.tokenRefused = true;
			logger
				.error("THE RELAY REFUSED THE TOKEN OF AGENT {}: {}. Nobody is answered until it is replaced: copy the"
						+ " agent's id and token from the app again, unless Agent Connect renews it. Next attempt in"
						+ " {} s", this.agentId, end.reason(), pause.toSeconds());
		}
	}

	private boolean awaitWakeUp(long nanos) throws InterruptedException {
		boolean woken = this.wakeUp.tryAcquire(nanos, TimeUnit.NANOSECONDS);
		this.wakeUp.drainPermits();
		return woken;
	}

	/**
	 * Says that everything is released.
	 */
	void stopped() {
		this.firstAttempt.completeExceptionally(new IllegalStateException("The client was stopped"));
		change(ConnectionState.STOPPED);
	}

	private void change(ConnectionState state) {
		if (this.state != state) {
			this.state = state;
			this.events.publish(new GatewayEvent.ConnectionChanged(state));
		}
	}

}
