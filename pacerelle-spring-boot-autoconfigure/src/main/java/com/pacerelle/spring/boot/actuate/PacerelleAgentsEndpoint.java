package com.pacerelle.spring.boot.actuate;

import java.util.Map;
import java.util.TreeMap;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.spring.boot.actuate.PacerelleEndpoint.AgentDescriptor;
import com.pacerelle.spring.boot.actuate.PacerelleEndpoint.Decision;
import com.pacerelle.spring.permission.PermissionSessions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to look at each of several agents, and to decide for it what
 * {@link PacerelleEndpoint} decides for a single one.
 */
@Endpoint(id = "pacerelleagents")
public class PacerelleAgentsEndpoint {

	private final Map<String, AgentGatewayClient> clients;

	private final @Nullable PermissionSessions permissions;

	/**
	 * Creates an endpoint.
	 * @param clients the clients by the names of their agents
	 * @param permissions what people have allowed, or {@code null}
	 */
	public PacerelleAgentsEndpoint(Map<String, AgentGatewayClient> clients, @Nullable PermissionSessions permissions) {
		this.clients = Map.copyOf(clients);
		this.permissions = permissions;
	}

	/**
	 * Lists the agents.
	 * @return the state of each connection by the names of the agents
	 */
	@ReadOperation
	public Map<String, ConnectionState> agents() {
		Map<String, ConnectionState> states = new TreeMap<>();
		this.clients.forEach((name, client) -> states.put(name, client.state()));
		return states;
	}

	/**
	 * Describes an agent.
	 * @param agent its name
	 * @return what is known of it, or {@code null} if there is no such agent
	 */
	@ReadOperation
	public @Nullable AgentDescriptor agent(@Selector String agent) {
		AgentGatewayClient client = this.clients.get(agent);
		return (client != null) ? new PacerelleEndpoint(client, this.permissions).agent() : null;
	}

	/**
	 * Decides about something that an agent lists.
	 * @param agent its name
	 * @param decision what to do
	 * @param id which one, as for {@link PacerelleEndpoint#decide}
	 */
	@WriteOperation
	public void decide(@Selector String agent, @Selector Decision decision, @Selector String id) {
		AgentGatewayClient client = this.clients.get(agent);
		if (client == null) {
			throw PacerelleEndpoint.refused("There is no such agent");
		}
		new PacerelleEndpoint(client, this.permissions).decide(decision, id);
	}

}
