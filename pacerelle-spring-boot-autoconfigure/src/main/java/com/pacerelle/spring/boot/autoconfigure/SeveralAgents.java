package com.pacerelle.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.CryptoSettings;
import com.pacerelle.client.TimeSource;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.SharedStore;
import com.pacerelle.spring.client.RestartableClient;
import com.pacerelle.spring.handler.HandlerMethodRegistry;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.StringUtils;

/**
 * Makes the parts of each of the agents in {@code pacerelle.agents}, as
 * {@link PacerelleAutoConfiguration} does for a single one. What is wrong with their
 * properties is told for all at once.
 */
final class SeveralAgents {

	static final String BEAN_NAME = "pacerelleAgents";

	static final String PREFIX = "pacerelle.agents.";

	private final PacerelleProperties properties;

	private final Map<String, PacerelleConnectionDetails> connectionDetails;

	private final SettingsMapper mapper;

	private final Shared shared;

	SeveralAgents(PacerelleProperties properties, RelayAddresses relay, SettingsMapper mapper, Shared shared) {
		this.properties = properties;
		this.mapper = mapper;
		this.shared = shared;
		this.connectionDetails = connectionDetails(properties, relay);
	}

	private static Map<String, PacerelleConnectionDetails> connectionDetails(PacerelleProperties properties,
			RelayAddresses relay) {
		if (StringUtils.hasText(properties.agentId()) || StringUtils.hasText(properties.token())) {
			throw new PacerelleConfigurationException(
					"There is an agent with 'pacerelle.agent-id' (environment variable PACERELLE_AGENT_ID) or"
							+ " 'pacerelle.token' (environment variable PACERELLE_AGENT_TOKEN), and 'pacerelle.agents'"
							+ " has others.",
					"Make it one of 'pacerelle.agents', or remove 'pacerelle.agents'.");
		}
		if (properties.store().importFrom() != null) {
			throw new PacerelleConfigurationException(
					"'pacerelle.store.import-from' names the store of one agent, and 'pacerelle.agents' has others.",
					"Set 'pacerelle.agents.<name>.import-from' for the agent that the store is of.");
		}
		List<String> problems = new ArrayList<>();
		Map<String, PacerelleConnectionDetails> all = new HashMap<>();
		Map<String, String> names = new HashMap<>();
		properties.agents().forEach((name, agent) -> {
			PacerelleConnectionDetails details = new PropertiesPacerelleConnectionDetails(PREFIX + name, agent, relay,
					problems);
			all.put(name, details);
			String other = details.getAgentId().isEmpty() ? null : names.put(details.getAgentId(), name);
			if (other != null) {
				problems.add("'" + PREFIX + other + ".agent-id' and '" + PREFIX + name + ".agent-id' are the same.");
			}
		});
		if (!problems.isEmpty()) {
			throw new PacerelleConfigurationException(String.join(System.lineSeparator(), problems),
					"Copy the id and the token of each agent from its settings in the Pacerelle app, and keep the"
							+ " tokens out of version control: 'pacerelle.agents.support.token' is also the environment"
							+ " variable PACERELLE_AGENTS_SUPPORT_TOKEN.");
		}
		return all;
	}

	AgentGatewaySettings settings(String name) {
		return this.mapper.forAgent(PREFIX + name)
			.map(Objects.requireNonNull(this.connectionDetails.get(name)), this.shared.transport(),
					this.shared.virtualThreads());
	}

	AgentStore store(String name, AgentGatewaySettings settings) {
		this.shared.crypto().use();
		PacerelleProperties.Agent agent = Objects.requireNonNull(this.properties.agents().get(name));
		Path importFrom = this.mapper.forAgent(PREFIX + name).importFrom(agent.importFrom());
		return this.shared.stores().openOrStandBy(settings, importFrom);
	}

	AgentGatewayClient client(String name, AgentGatewaySettings settings, AgentStore store) {
		AgentMessageHandler handler = (this.shared.handler() instanceof HandlerMethodRegistry registry)
				? registry.forAgent(name) : this.shared.handler();
		Supplier<AgentGatewayClient> clients = () -> new DefaultAgentGatewayClient(settings, store, handler,
				this.shared.time());
		return (this.properties.store().standby() && store instanceof SharedStore several)
				? RestartableClient.withStandby(several, clients) : new RestartableClient(store, clients);
	}

	AgentGatewayLifecycle lifecycle(String name, AgentGatewayClient client, AgentGatewaySettings settings,
			AgentStore store) {
		return new AgentGatewayLifecycle(client, this.properties, this.shared.shutdownTimeout(),
				new StartupLog(settings, store, this.shared.handler(), name));
	}

	GatewayEventPublisher events(String name, AgentGatewayClient client) {
		ApplicationEvents events = new ApplicationEvents(this.shared.publisher());
		return new GatewayEventPublisher(client, (event) -> events.publish(name, event));
	}

	/**
	 * What all agents have in common.
	 *
	 * @param transport how they reach the relay
	 * @param crypto who computes their cryptography
	 * @param stores opens their stores
	 * @param handler handles their messages
	 * @param time where they take the time from
	 * @param virtualThreads whether handlers run on virtual threads
	 * @param shutdownTimeout how long Spring waits for each when it stops
	 * @param publisher publishes what they tell
	 */
	record Shared(TransportSettings transport, CryptoSettings crypto, AgentStores stores, AgentMessageHandler handler,
			TimeSource time, boolean virtualThreads, Duration shutdownTimeout, ApplicationEventPublisher publisher) {
	}

}
