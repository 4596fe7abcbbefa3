package com.pacerelle.spring.connect;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.TimeSource;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.AgentConnectException;
import com.pacerelle.client.connect.RuntimeToken;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.core.SharedThreads;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.SharedStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

import org.springframework.core.log.LogMessage;

/**
 * The agent of one installation: gets a runtime token, runs a client with it, and renews
 * the token for as long as the installation lasts. One step is under way at a time: a
 * pause, or the request that follows it.
 */
final class InstalledAgent {

	private static final Log logger = LogFactory.getLog(InstalledAgent.class);

	private final Installation installation;

	private final Context context;

	private final @Nullable SharedStore claimed;

	private final Disposable.Swap step = Disposables.swap();

	private @Nullable AgentGatewayClient client;

	private Mono<Void> release;

	private @Nullable Mono<Void> end;

	private Runnable stopped = () -> {
	};

	private long renewedAt;

	InstalledAgent(Installation installation, Context context) {
		this(installation, context, null);
	}

	/**
	 * Creates an agent that this process has taken.
	 * @param installation the installation
	 * @param context what all have in common
	 * @param claimed the agent's store, which is open and keeps other processes from it;
	 * {@code null} if it is opened when there is a token
	 */
	InstalledAgent(Installation installation, Context context, @Nullable SharedStore claimed) {
		this.installation = installation;
		this.context = context;
		this.claimed = claimed;
		this.release = (claimed != null) ? close(claimed) : Mono.empty();
	}

	String agentId() {
		return this.installation.agentId();
	}

	/**
	 * Has something done when the agent has stopped.
	 * @param action what to do
	 */
	synchronized void whenStopped(Runnable action) {
		this.stopped = action;
	}

	void start() {
		start(Duration.ZERO);
	}

	void start(Duration pause) {
		renewAfter(pause);
	}

	synchronized @Nullable AgentGatewayClient client() {
		return this.client;
	}

	private void renewAfter(Duration pause) {
		Renewal renewal = this.context.renewal();
		Mono<RuntimeToken> token = this.context.connect()
			.runtimeToken(this.installation.installationToken())
			.retryWhen(Retry.backoff(Long.MAX_VALUE, renewal.minBackoff())
				.maxBackoff(renewal.maxBackoff())
				.scheduler(this.context.timer())
				.filter((failure) -> failure instanceof AgentConnectException ex && !ex.isRefused())
				.doBeforeRetry((attempt) -> logger
					.warn(LogMessage.format("No runtime token for agent '%s' after %d attempt(s), trying again: %s",
							this.installation.agentId(), attempt.totalRetries() + 1, attempt.failure().getMessage()))));
		this.step.update(Mono.delay(pause, this.context.timer())
			.then(token)
			.publishOn(Schedulers.boundedElastic())
			.subscribe(this::use, this::fail));
	}

	private synchronized void use(RuntimeToken token) {
		if (this.end != null) {
			return;
		}
		if (!token.agentId().equals(this.installation.agentId())) {
			throw new IllegalStateException("The relay gave the token of another agent");
		}
		this.renewedAt = now();
		if (this.client == null) {
			open(token);
		}
		else {
			this.client.replaceToken(token.agentToken());
			logger.debug(LogMessage.format("The runtime token of agent '%s' was renewed", token.agentId()));
		}
		renewAfter(this.context.renewal().after(token.expiresIn(), ThreadLocalRandom.current().nextDouble()));
	}

	private void open(RuntimeToken token) {
		AgentGatewaySettings settings = this.context.settings().apply(token);
		AgentStore store = (this.claimed != null) ? this.claimed : this.context.stores().apply(settings);
		AgentGatewayClient opened = new DefaultAgentGatewayClient(settings, store, this.context.handler(),
				TimeSource.system(), this.context.threads().get());
		this.client = opened;
		this.release = stop(opened, this.context.grace()).then(close(store));
		opened.events()
			.filter(new GatewayEvent.ConnectionChanged(ConnectionState.TOKEN_REFUSED)::equals)
			.subscribe((refused) -> renewRefused());
		opened.events().subscribe((event) -> this.context.listener().accept(settings.agentId(), event));
		logger.info(LogMessage.format("Agent '%s' of an installation starts: %s", settings.agentId(), store));
		opened.start();
	}

	private Mono<Void> stop(AgentGatewayClient stopped, Duration grace) {
		return stopped.stop(grace).onErrorComplete((failure) -> {
			logger.warn(LogMessage.format("Agent '%s' did not stop cleanly", agentId()), failure);
			return true;
		});
	}

	private static Mono<Void> close(AgentStore store) {
		return Mono.<Void>fromRunnable(store::close).subscribeOn(Schedulers.boundedElastic());
	}

	private synchronized void renewRefused() {
		renewAfter(this.context.renewal().afterRefusal(Duration.ofNanos(now() - this.renewedAt)));
	}

	private long now() {
		return this.context.timer().now(TimeUnit.NANOSECONDS);
	}

	private void fail(Throwable failure) {
		String agentId = this.installation.agentId();
		if (failure instanceof AgentConnectException ex && ex.isRefused()) {
			logger.error("THE RELAY REFUSED THE INSTALLATION OF AGENT " + agentId + " with HTTP status " + ex.status()
					+ ". It stops, others go on. If its owner has removed it, call"
					+ " AgentConnect.remove, else install it again");
		}
		else {
			logger.error("THE AGENT " + agentId + " OF AN INSTALLATION CANNOT RUN and stops, others go on", failure);
		}
		if (this.claimed != null) {
			rest();
		}
		else {
			stop().subscribe();
		}
	}

	/**
	 * Stops the client, and keeps the agent: another process would only fail with it as
	 * well.
	 */
	private synchronized void rest() {
		AgentGatewayClient stopped = this.client;
		if (this.end == null && this.claimed != null) {
			this.step.dispose();
			this.client = null;
			Mono<Void> stopping = (stopped != null) ? stop(stopped, this.context.grace()).cache() : Mono.empty();
			this.release = stopping.then(close(this.claimed));
			stopping.subscribe();
		}
	}

	/**
	 * Stops an agent at once that another process has taken.
	 */
	synchronized void giveUp() {
		AgentGatewayClient stopped = this.client;
		if (this.end == null && this.claimed != null && stopped != null) {
			this.release = stop(stopped, Duration.ZERO).then(close(this.claimed));
		}
		stop().subscribe();
	}

	/**
	 * Stops the agent for ever.
	 * @return completes when its client has stopped and its store is closed, also if it
	 * was stopped before
	 */
	synchronized Mono<Void> stop() {
		if (this.end == null) {
			this.step.dispose();
			this.end = this.release.doOnTerminate(() -> {
				this.context.stopped().accept(this);
				this.stopped.run();
			}).cache();
		}
		return this.end;
	}

	/**
	 * What all installed agents share.
	 *
	 * @param connect gets tokens
	 * @param settings makes the settings of a client
	 * @param stores opens the store of an agent
	 * @param handler handles the messages
	 * @param renewal when tokens are renewed
	 * @param grace how long handlers may go on when an agent stops
	 * @param timer tells the time
	 * @param listener told the id of an agent and what it tells; never fails
	 * @param stopped called with each agent that has stopped, before {@link #stop()}
	 * completes
	 * @param threads the threads that all share
	 */
	record Context(AgentConnectClient connect, Function<RuntimeToken, AgentGatewaySettings> settings,
			Function<AgentGatewaySettings, AgentStore> stores, AgentMessageHandler handler, Renewal renewal,
			Duration grace, Scheduler timer, BiConsumer<String, GatewayEvent> listener,
			Consumer<InstalledAgent> stopped, Supplier<SharedThreads> threads) {
	}

}
