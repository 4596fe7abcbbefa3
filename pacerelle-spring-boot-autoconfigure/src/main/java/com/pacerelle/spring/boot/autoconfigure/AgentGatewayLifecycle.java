package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.RelayUnreachableException;
import com.pacerelle.client.TokenRefusedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the client with the application, and keeps the JVM alive in between.
 */
final class AgentGatewayLifecycle implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(AgentGatewayLifecycle.class);

	private final AgentGatewayClient client;

	private final PacerelleProperties properties;

	private final @Nullable StartupLog startupLog;

	private volatile @Nullable CountDownLatch keepAlive;

	/**
	 * Creates the lifecycle.
	 * @param client the client
	 * @param properties how it starts and stops
	 * @param startupLog describes the agent, {@code null} if the client is the
	 * application's own
	 */
	AgentGatewayLifecycle(AgentGatewayClient client, PacerelleProperties properties, @Nullable StartupLog startupLog) {
		this.client = client;
		this.properties = properties;
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
	 * A client that has stopped does not start again, so the agent of a test context that
	 * waits in the cache goes on.
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
			logger.info("Verification code, to compare with the agent verification dialog of the app: "
					+ this.client.verificationCode());
		}
		this.client.start();
		if (this.properties.failFast()) {
			awaitConnection();
		}
		else {
			this.client.connected()
				.doOnError(RelayUnreachableException.class, AgentGatewayLifecycle::logAdvice)
				.doOnError(TokenRefusedException.class, AgentGatewayLifecycle::logAdvice)
				.onErrorComplete()
				.subscribe();
		}
		this.keepAlive = holdNonDaemonThread();
	}

	/**
	 * The client has logged the failure itself.
	 */
	private static void logAdvice(Throwable failure) {
		logger.warn("The application runs without a connection to the relay, and the agent keeps trying. "
				+ ConnectionAdvice.on(failure));
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
		return this.client.stop(this.properties.shutdownGrace()).onErrorComplete((failure) -> {
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
