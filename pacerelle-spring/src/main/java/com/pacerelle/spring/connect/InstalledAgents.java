package com.pacerelle.spring.connect;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.RuntimeToken;
import com.pacerelle.client.core.SharedThreads;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Distribution;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.SmartLifecycle;

/**
 * Runs an agent for each installation, from its installation or the start of the
 * application to its removal or the end. All have the same handler, and each has its own
 * connection and store. They do not keep the JVM alive: that is up to the web server that
 * people come back to. With {@link SharedAgents}, several processes share the agents.
 */
public final class InstalledAgents implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(InstalledAgents.class);

	/** Each waits for its handlers. */
	private static final int ALL_AT_ONCE = Integer.MAX_VALUE;

	private final InstallationRepository repository;

	private final InstalledAgent.Context context;

	private final Map<String, InstalledAgent> agents = new ConcurrentHashMap<>();

	private final @Nullable Fleet fleet;

	private volatile boolean running;

	private volatile SharedThreads threads = new SharedThreads();

	/**
	 * Creates the lifecycle.
	 * @param repository has the installations
	 * @param connect gets runtime tokens
	 * @param settings makes the settings of an agent from its first runtime token
	 * @param stores opens the store of an agent
	 * @param handler handles the messages of all agents
	 * @param renewal when runtime tokens are renewed
	 * @param grace how long handlers may go on when an agent stops
	 * @param timer times renewals
	 * @param listener told the id of an agent and what its client tells; must not fail
	 */
	public InstalledAgents(InstallationRepository repository, AgentConnectClient connect,
			Function<RuntimeToken, AgentGatewaySettings> settings, Function<AgentGatewaySettings, AgentStore> stores,
			AgentMessageHandler handler, Renewal renewal, Duration grace, Scheduler timer,
			BiConsumer<String, GatewayEvent> listener) {
		this(repository, connect, settings, stores, handler, renewal, grace, timer, listener, null);
	}

	/**
	 * Creates the lifecycle of agents that several processes may share.
	 * @param repository has the installations
	 * @param connect gets runtime tokens
	 * @param settings makes the settings of an agent from its first runtime token
	 * @param stores opens the store of an agent
	 * @param handler handles the messages of all agents
	 * @param renewal when runtime tokens are renewed
	 * @param grace how long handlers may go on when an agent stops
	 * @param timer times renewals
	 * @param listener told the id of an agent and what its client tells; must not fail
	 * @param shared how processes share the agents, in place of {@code stores}, or
	 * {@code null} if all run in this one
	 */
	public InstalledAgents(InstallationRepository repository, AgentConnectClient connect,
			Function<RuntimeToken, AgentGatewaySettings> settings, Function<AgentGatewaySettings, AgentStore> stores,
			AgentMessageHandler handler, Renewal renewal, Duration grace, Scheduler timer,
			BiConsumer<String, GatewayEvent> listener, @Nullable SharedAgents shared) {
		this.repository = repository;
		this.context = new InstalledAgent.Context(connect, settings, stores, handler, renewal, grace, timer, listener,
				this.agents.values()::remove, () -> this.threads);
		this.fleet = (shared != null) ? new Fleet(shared, this.agents, this.context) : null;
	}

	/**
	 * The client of an installed agent, to send messages that are no replies.
	 * @param agentId the id of the agent
	 * @return the client, or {@code null} if no such agent runs, or it has no token yet
	 */
	public @Nullable AgentGatewayClient client(String agentId) {
		InstalledAgent agent = this.agents.get(agentId);
		return (agent != null) ? agent.client() : null;
	}

	/**
	 * The agents that run in this process, or will when they get a token.
	 * @return their ids, in any order
	 */
	public List<String> agentIds() {
		return List.copyOf(this.agents.keySet());
	}

	/**
	 * Which process runs which agent, when several share them.
	 * @return what was seen about a second ago, or {@code null} if all run in this one
	 */
	public @Nullable Distribution distribution() {
		return (this.fleet != null) ? this.fleet.distribution() : null;
	}

	/**
	 * Runs the agent of an installation, and stops an earlier one of the same agent
	 * first. Of several processes, the one does that takes it.
	 * @param installation the installation
	 */
	void run(Installation installation) {
		if (!this.running || this.fleet != null) {
			return;
		}
		InstalledAgent agent = new InstalledAgent(installation, this.context);
		InstalledAgent earlier = this.agents.put(installation.agentId(), agent);
		if (earlier != null) {
			earlier.stop().doOnTerminate(agent::start).subscribe();
		}
		else {
			agent.start();
		}
		if (!this.running) {
			// It may have come too late to be among those that are stopped.
			agent.stop().subscribe();
		}
	}

	/**
	 * Ends an agent.
	 * @param agentId its id
	 * @return completes when it has stopped
	 */
	Mono<Void> end(String agentId) {
		return Mono.defer(() -> {
			InstalledAgent agent = this.agents.get(agentId);
			return (agent != null) ? agent.stop() : Mono.empty();
		});
	}

	@Override
	public void start() {
		this.threads = new SharedThreads();
		this.running = true;
		List<Installation> installations = this.repository.findAll();
		logger.info("Installations: " + installations.size() + ", in " + this.repository);
		if (this.fleet != null) {
			this.fleet.join();
		}
		else {
			installations.forEach(this::run);
		}
	}

	@Override
	public void stop() {
		stopAll().block();
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().doFinally((signal) -> callback.run()).subscribe();
	}

	private Mono<Void> stopAll() {
		return Mono.defer(() -> {
			this.running = false;
			if (this.fleet != null) {
				this.fleet.leave();
			}
			SharedThreads ending = this.threads;
			return Flux.fromIterable(List.copyOf(this.agents.values()))
				.flatMap(InstalledAgent::stop, ALL_AT_ONCE)
				.then(Mono.<Void>fromRunnable(ending::close).subscribeOn(Schedulers.boundedElastic()));
		});
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Last to start and first to stop, as the agent of an application without
	 * installations.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

}
