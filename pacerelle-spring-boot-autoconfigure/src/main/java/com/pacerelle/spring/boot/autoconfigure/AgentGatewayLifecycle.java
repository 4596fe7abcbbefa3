package com.pacerelle.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.TokenRefusedException;
import com.pacerelle.spring.handler.HandlerMethodRegistry;
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

	private final AgentGatewayClient client;

	private final PacerelleProperties properties;

	private final @Nullable AgentGatewaySettings settings;

	private final @Nullable AgentMessageHandler handler;

	private volatile @Nullable CountDownLatch keepAlive;

	/**
	 * Creates the lifecycle.
	 * @param client the client
	 * @param properties how it starts and stops
	 * @param settings the client's settings, or {@code null} if the application made the
	 * client
	 * @param handler the client's handler, or {@code null}
	 */
	AgentGatewayLifecycle(AgentGatewayClient client, PacerelleProperties properties,
			@Nullable AgentGatewaySettings settings, @Nullable AgentMessageHandler handler) {
		this.client = client;
		this.properties = properties;
		this.settings = settings;
		this.handler = handler;
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
		if (this.settings != null) {
			logStart(this.settings);
		}
		this.client.start();
		Mono<Void> connected = this.client.connected().doOnSuccess((nothing) -> onConnected());
		if (this.properties.failFast()) {
			try {
				connected.block();
			}
			catch (RuntimeException ex) {
				this.client.stop(Duration.ZERO).block();
				throw ex;
			}
		}
		else {
			connected.subscribe(null, AgentGatewayLifecycle::onFailure);
		}
		this.keepAlive = holdNonDaemonThread();
	}

	private void logStart(AgentGatewaySettings settings) {
		int handlers = (this.handler instanceof HandlerMethodRegistry registry) ? registry.size() : 1;
		logger.info(LogMessage.format("Agent '%s' starts with %d handler(s), relay %s, store %s", settings.agentId(),
				handlers, settings.baseUrl().getHost(), settings.storeRoot().resolve(settings.agentId())));
		if (!settings.encrypted()) {
			logger.warn("""
					Messages are NOT END-TO-END ENCRYPTED: 'pacerelle.e2ee' is false. \
					Everybody between a person and this agent can read and forge them. \
					Use this for nothing but debugging with a local relay.""");
		}
	}

	private void onConnected() {
		logger.info("The agent is connected");
		if (this.properties.logVerificationCode()) {
			logger.info("Verification code, to compare with the agent verification dialog of the app: "
					+ this.client.verificationCode());
		}
	}

	private static void onFailure(Throwable failure) {
		String message = "The agent is not connected and keeps trying. " + failure.getMessage() + " "
				+ ConnectionAdvice.on(failure);
		if (failure instanceof TokenRefusedException) {
			logger.error(message);
		}
		else {
			logger.warn(message);
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
		}).doFinally((signal) -> releaseThread());
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
