package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.RelayUnreachableException;
import com.pacerelle.client.StandbyException;
import com.pacerelle.client.TokenRefusedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;
import org.springframework.core.log.LogMessage;

/**
 * Starts and stops the client with the application, and keeps the JVM alive in between.
 */
final class AgentGatewayLifecycle implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(AgentGatewayLifecycle.class);

	/** What a stop takes after the handlers, at the worst. */
	private static final Duration CLOSING_TIME = Duration.ofSeconds(8);

	private final AgentGatewayClient client;

	private final PacerelleProperties properties;

	private final Duration grace;

	private final @Nullable StartupLog startupLog;

	private volatile @Nullable CountDownLatch keepAlive;

	/**
	 * Creates the lifecycle.
	 * @param client the client
	 * @param properties how it starts and stops
	 * @param shutdownTimeout how long Spring waits for it when it stops
	 * @param startupLog describes the agent, {@code null} if the client is the
	 * application's own
	 */
	AgentGatewayLifecycle(AgentGatewayClient client, PacerelleProperties properties, Duration shutdownTimeout,
			@Nullable StartupLog startupLog) {
		this.client = client;
		this.properties = properties;
		this.grace = grace(PacerelleConfigurationException.requireNotNegative("pacerelle.shutdown-grace",
				properties.shutdownGrace()), shutdownTimeout);
		this.startupLog = startupLog;
	}

	/**
	 * Last to start and first to stop: web server, executors and data sources are there
	 * for as long as handlers run.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

	/**
	 * Handlers have as much of the grace as fits into what Spring waits for: what comes
	 * later would run while other beans are destroyed.
	 */
	private static Duration grace(Duration configured, Duration shutdownTimeout) {
		Duration half = shutdownTimeout.dividedBy(2);
		Duration longest = shutdownTimeout.minus((half.compareTo(CLOSING_TIME) < 0) ? half : CLOSING_TIME);
		if (configured.compareTo(longest) <= 0) {
			return configured;
		}
		logger.warn(LogMessage.format(
				"Handlers have %d s when the application stops, not the %d s of 'pacerelle.shutdown-grace': more does"
						+ " not fit into the %d s of 'spring.lifecycle.timeout-per-shutdown-phase'",
				longest.toSeconds(), configured.toSeconds(), shutdownTimeout.toSeconds()));
		return longest;
	}

	/**
	 * Whoever waits for an answer of the agent does not know of pauses: the agent of a
	 * test context that waits in the cache goes on.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void start() {
		if (this.startupLog != null) {
			this.startupLog.log();
		}
		if (this.properties.logVerificationCode()) {
			logVerificationCode();
		}
		this.client.start();
		if (this.properties.failFast() && this.client.state() != ConnectionState.STANDBY) {
			awaitConnection();
		}
		else {
			this.client.connected()
				.doOnError(RelayUnreachableException.class, this::logAdvice)
				.doOnError(TokenRefusedException.class, this::logAdvice)
				.onErrorComplete()
				.subscribe();
		}
		this.keepAlive = holdNonDaemonThread();
	}

	private void logVerificationCode() {
		try {
			logger.info("Verification code" + ofAgent() + ", to compare with the agent verification dialog of the app: "
					+ this.client.verificationCode());
		}
		catch (StandbyException ex) {
			// The application that has the agent logs it.
		}
	}

	private String ofAgent() {
		return (this.startupLog != null) ? this.startupLog.ofAgent() : "";
	}

	/**
	 * The client has logged the failure itself.
	 */
	private void logAdvice(Throwable failure) {
		logger.warn("The application runs without a connection" + ofAgent()
				+ " to the relay, and the agent keeps trying. " + ConnectionAdvice.on(failure));
	}

	private void awaitConnection() {
		try {
			this.client.connected().block();
		}
		catch (RuntimeException ex) {
			this.client.stop(Duration.ZERO).block();
			throw ex;
		}
	}

	/**
	 * The client's threads are daemons: without this one, an application that has no web
	 * server would end right after its start.
	 */
	private static CountDownLatch holdNonDaemonThread() {
		CountDownLatch released = new CountDownLatch(1);
		Thread thread = new Thread(() -> {
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "pacerelle-keep-alive");
		thread.setDaemon(false);
		thread.start();
		return released;
	}

	@Override
	public void stop() {
		stopClient().block();
	}

	@Override
	public void stop(Runnable callback) {
		stopClient().doFinally((signal) -> callback.run()).subscribe();
	}

	private Mono<Void> stopClient() {
		return this.client.stop(this.grace).onErrorComplete((failure) -> {
			logger.warn("The agent did not stop cleanly", failure);
			return true;
		}).doOnTerminate(this::releaseThread);
	}

	private void releaseThread() {
		CountDownLatch released = this.keepAlive;
		if (released != null) {
			released.countDown();
			this.keepAlive = null;
		}
	}

	@Override
	public boolean isRunning() {
		return this.keepAlive != null;
	}

}
