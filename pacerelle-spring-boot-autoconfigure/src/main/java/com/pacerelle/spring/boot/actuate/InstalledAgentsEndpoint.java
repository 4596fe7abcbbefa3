package com.pacerelle.spring.boot.actuate;

import java.time.Instant;
import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.Distribution.Placement;
import com.pacerelle.client.store.LeaseHolder;
import com.pacerelle.spring.boot.actuate.PacerelleEndpoint.Listed;
import com.pacerelle.spring.connect.InstalledAgents;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * {@link Endpoint @Endpoint} that says where the agents run that people have installed.
 */
@Endpoint(id = "pacerelleinstalled")
public class InstalledAgentsEndpoint {

	private final InstalledAgents agents;

	/**
	 * Creates an endpoint.
	 * @param agents the agents
	 */
	public InstalledAgentsEndpoint(InstalledAgents agents) {
		this.agents = agents;
	}

	/**
	 * Lists the agents.
	 * @return the first of them, and how many there are here and elsewhere
	 */
	@ReadOperation
	public InstalledAgentsDescriptor agents() {
		return new InstalledAgentsDescriptor(instances(), this.agents.agentIds().size(), Listed.of(all()));
	}

	/**
	 * Describes an agent.
	 * @param agent its id
	 * @return where it runs, or {@code null} if there is no such agent
	 */
	@ReadOperation
	public @Nullable InstalledAgentDescriptor agent(@Selector String agent) {
		return all().stream().filter((described) -> described.agentId().equals(agent)).findFirst().orElse(null);
	}

	private int instances() {
		Distribution distribution = this.agents.distribution();
		return (distribution != null) ? distribution.processes() : 1;
	}

	private List<InstalledAgentDescriptor> all() {
		Distribution distribution = this.agents.distribution();
		return (distribution != null) ? distribution.agents().stream().map(this::describe).toList()
				: this.agents.agentIds().stream().map((agentId) -> describe(agentId, null)).toList();
	}

	private InstalledAgentDescriptor describe(Placement placement) {
		return describe(placement.agentId(), placement.holder());
	}

	private InstalledAgentDescriptor describe(String agentId, @Nullable LeaseHolder holder) {
		AgentGatewayClient client = this.agents.client(agentId);
		return new InstalledAgentDescriptor(agentId, (client != null) ? client.state() : null,
				(holder != null) ? holder.instance() : null, (holder != null) ? holder.since() : null);
	}

	/**
	 * Describes the agents.
	 *
	 * @param instances how many instances of the application share them
	 * @param here how many run in this one
	 * @param agents the first hundred of all
	 */
	public record InstalledAgentsDescriptor(int instances, int here, Listed<InstalledAgentDescriptor> agents) {
	}

	/**
	 * Describes an agent.
	 *
	 * @param agentId its id
	 * @param state the state of its connection, {@code null} if it has none here
	 * @param instance the instance that runs it, {@code null} if none does, or there is
	 * only one
	 * @param since since when
	 */
	public record InstalledAgentDescriptor(String agentId, @Nullable ConnectionState state, @Nullable String instance,
			@Nullable Instant since) {
	}

}
