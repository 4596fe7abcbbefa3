package com.pacerelle.spring.connect;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.connect.AgentConnectClient;
import com.pacerelle.client.connect.RuntimeToken;
import com.pacerelle.client.store.AgentStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.context.SmartLifecycle;

/**
 * Runs an agent for each installation, from its installation or the start of the
 * application to its removal or the end. All have the same handler, and each has its own
 * connection and store. They do not keep the JVM alive: that is up to the web server that
 * people come back to.
 */
public final class InstalledAgents implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(InstalledAgents.class);

	private final InstallationRepository repository;

	private final InstalledAgent.Context context;

	private final Map<String, InstalledAgent> agents = new ConcurrentHashMap<>();

	private volatile boolean running;

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
	 * @param listener told what the clients of the agents tell; must not fail
	 */
	public InstalledAgents(InstallationRepository repository, AgentConnectClient connect,
			Function<RuntimeToken, AgentGatewaySettings> settings, Function<AgentGatewaySettings, AgentStore> stores,
			AgentMessageHandler handler, Renewal renewal, Duration grace, Scheduler timer,
			Consumer<GatewayEvent> listener) {
		this.repository = repository;
		this.context = new InstalledAgent.Context(connect, settings, stores, handler, renewal, grace, timer, listener,
				this.agents.values()::remove);
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
	 * The agents that run, or will when they get a token.
	 * @return their ids, in any order
	 */
	public List<String> agentIds() {
		return List.copyOf(this.agents.keySet());
	}

	/**
	 * Runs the agent of an installation, and stops an earlier one of the same agent
	 * first.
	 * @param installation the installation
	 */
	void run(Installation installation) {
		if (!this.running) {
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
		this.running = true;
		List<Installation> installations = this.repository.findAll();
		logger.info("Installations: " + installations.size() + ", in " + this.repository);
		installations.forEach(this::run);
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
			return Flux.fromIterable(List.copyOf(this.agents.values())).flatMap(InstalledAgent::stop).then();
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
