package com.pacerelle.spring.boot.actuate;

import com.pacerelle.spring.connect.InstalledAgents;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for the agents that people have installed: how many run in this
 * instance of the application, and how many of these are connected.
 */
public class InstalledAgentsMetrics implements MeterBinder {

	private final InstalledAgents agents;

	/**
	 * Creates a binder.
	 * @param agents the agents
	 */
	public InstalledAgentsMetrics(InstalledAgents agents) {
		this.agents = agents;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("pacerelle.installed.agents", this.agents, (all) -> all.agentIds().size())
			.description("Installed agents that run in this instance")
			.register(registry);
		Gauge.builder("pacerelle.installed.connected", this.agents, InstalledAgentsMetrics::connected)
			.description("Installed agents of this instance that are connected")
			.register(registry);
	}

	private static double connected(InstalledAgents agents) {
		return agents.agentIds()
			.stream()
			.filter((agentId) -> Occupation.of(agents.client(agentId)).isConnected())
			.count();
	}

}
