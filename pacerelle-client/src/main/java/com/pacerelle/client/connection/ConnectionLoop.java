package com.pacerelle.client.connection;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.ClientStoppedException;
import com.pacerelle.client.ConnectionSettings;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.RelayUnreachableException;
import com.pacerelle.client.TokenRefusedException;
import com.pacerelle.client.encryption.PreKeys;
import com.pacerelle.client.event.Events;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.event.Observations;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.RelayHttpClient;
import com.pacerelle.client.observation.PacerelleObservation;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * Publishes prekeys, connects, waits for the end of the connection, pauses, and repeats,
 * until it is stopped: the one place that decides on reconnects, and longer than others
 * because every end, pause and report of an attempt is here. Runs on a thread of its own,
 * which may block.
 */
public final class ConnectionLoop implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionLoop.class);

	private final String agentId;

	private final ConnectionSettings settings;

	private final RelayHttpClient relay;

	private final Connector connector;

	private final PreKeyMaintenance preKeys;

	private final SessionListener sessionListener;

	private final Events events;

	private final Backoff backoff;

	private final Semaphore wakeUp = new Semaphore(0);

	private final CompletableFuture<@Nullable Void> firstAttempt = new CompletableFuture<>();

	private volatile ConnectionState state = ConnectionState.STOPPED;

	private volatile @Nullable GatewaySession session;

	private volatile boolean stopping;

	private boolean tokenRefused;

	private final Observations observations;

	private Observation attempt = Observation.NOOP;

	public ConnectionLoop(AgentGatewaySettings settings, RelayHttpClient relay, PreKeys preKeys,
			FrameListener frameListener, SessionListener sessionListener, Events events, Observations observations) {
		this.agentId = settings.agentId();
		this.settings = settings.connection();
		this.relay = relay;
		this.connector = new Connector(this.settings, relay, frameListener, sessionListener);
		this.preKeys = new PreKeyMaintenance(settings, relay, preKeys);
		this.sessionListener = sessionListener;
		this.events = events;
		this.observations = observations;
		this.backoff = new Backoff(this.settings.minBackoff(), this.settings.maxBackoff(), new SplittableRandom());
	}

	public ConnectionState state() {
		return this.state;
	}

	/**
	 * How the first attempt went.
	 * @return completes when it is known
	 */
	public CompletableFuture<@Nullable Void> firstAttempt() {
		return this.firstAttempt;
	}

	/**
	 * Schedules the replacement of prekeys, also while connected.
	 */
	public void preKeyUsed() {
		this.preKeys.preKeyUsed();
		this.wakeUp.release();
	}

	/**
	 * Ends the pause after a refused token.
	 */
	public void tokenReplaced() {
		this.wakeUp.release();
	}

	/**
	 * Reads on after {@link FrameListener#hasRoom()} has said that there is no room.
	 */
	public void resume() {
		GatewaySession current = this.session;
		if (current != null) {
			current.resume();
		}
	}

	/**
	 * Closes the connection; it is opened again unless the client stops.
	 * @param reason why, for the log
	 */
	public void closeSession(String reason) {
		GatewaySession current = this.session;
		if (current != null) {
			current.close(reason);
		}
	}

	/**
	 * Makes no more attempts. An open connection stays open.
	 */
	public void stop() {
		this.stopping = true;
		this.wakeUp.release();
	}

	@Override
	public void run() {
		try {
			while (!this.stopping) {
				try {
					AgentToken attempted = this.relay.token();
					ConnectionEnd end = attempt(attempted);
					if (!this.stopping) {
						pause(end, attempted);
					}
				}
				catch (RuntimeException | Error ex) {
					survive(ex);
				}
			}
		}
		catch (InterruptedException ex) {
			logger.debug("Interrupted, no more attempts to connect");
		}
	}

	/** Whatever it is: without this thread nothing reconnects. */
	private void survive(Throwable failure) throws InterruptedException {
		try {
			recover(failure);
		}
		catch (RuntimeException | Error ex) {
			// Not even that: there may be no memory to say so.
			LockSupport.parkNanos(this.settings.minBackoff().toNanos());
		}
	}

	private ConnectionEnd attempt(AgentToken attempted) throws InterruptedException {
		change(ConnectionState.CONNECTING);
		this.attempt = this.observations.create(PacerelleObservation.CONNECT, null, null).start();
		String outcome = "failed";
		try {
			this.sessionListener.opening();
			ConnectionEnd refused = this.preKeys.publishFirst();
			ConnectionEnd end = (refused != null) ? refused : connect(attempted);
			outcome = end.isTokenRefused() ? "token-refused" : "failed";
			return end;
		}
		catch (RuntimeException | Error ex) {
			Observations.fail(this.attempt, ex);
			return ConnectionEnd.ofFailure(ex, new Redaction(attempted));
		}
		finally {
			endAttempt(outcome);
		}
	}

	/** Once it is connected, what comes is not the attempt's. */
	private void endAttempt(String outcome) {
		Observation ended = this.attempt;
		this.attempt = Observation.NOOP;
		Observations.stop(ended, outcome);
	}

	private ConnectionEnd connect(AgentToken attempted) throws InterruptedException {
		CompletableFuture<GatewaySession> opened = new CompletableFuture<>();
		CompletableFuture<ConnectionEnd> end = new CompletableFuture<>();
		opened.thenRun(this.wakeUp::release);
		end.thenRun(this.wakeUp::release);
		Disposable connection = this.connector.connect(attempted, (session) -> {
			// Before it reads: else a call of resume would be lost, and the socket stay
			// unread.
			this.session = session;
			session.open();
			opened.complete(session);
		}).subscribe(end::complete);
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
				try {
					this.sessionListener.closed(end.getNow(ConnectionEnd.of("it failed")).sessionEnd());
				}
				finally {
					connection.dispose();
				}
			}
		}
	}

	private void stayConnected(GatewaySession session, CompletableFuture<ConnectionEnd> end)
			throws InterruptedException {
		long since = System.nanoTime();
		this.tokenRefused = false;
		endAttempt("connected");
		change(ConnectionState.CONNECTED);
		logger.info("Connected to {}", this.settings.webSocketUrl().getAuthority());
		this.firstAttempt.complete(null);
		while (!end.isDone() && !this.stopping) {
			awaitWakeUp(this.preKeys.nanosUntilDue());
			if (!end.isDone() && this.preKeys.nanosUntilDue() <= 0) {
				this.preKeys.maintain();
			}
		}
		if (session.isProven() && System.nanoTime() - since > this.settings.pongTimeout().toNanos()) {
			this.backoff.reset();
		}
	}

	private void pause(ConnectionEnd end, AgentToken attempted) throws InterruptedException {
		if (end.isTokenRefused() && isReplaced(attempted)) {
			logger.info("The relay closed the connection of a replaced token, connecting with the new one");
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

	private void recover(Throwable failure) throws InterruptedException {
		Duration pause = this.settings.maxBackoff();
		logger.error("The connection failed unexpectedly, next attempt in {} ms: {}", pause.toMillis(),
				Failures.describe(failure));
		change(ConnectionState.WAITING);
		this.firstAttempt.completeExceptionally(failure);
		awaitWakeUp(pause.toNanos());
	}

	private boolean isReplaced(AgentToken attempted) {
		return this.relay.token() != attempted;
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
	 * Reports that everything is released.
	 */
	public void stopped() {
		change(ConnectionState.STOPPED);
		this.firstAttempt.completeExceptionally(new ClientStoppedException());
	}

	private void change(ConnectionState state) {
		if (this.state != state) {
			this.state = state;
			this.events.publish(new GatewayEvent.ConnectionChanged(state));
		}
	}

}
