package com.pacerelle.spring.boot.actuate;

import java.util.Map;

import com.pacerelle.client.AgentGatewayClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * {@link MeterBinder} for {@link PacerelleMeter}s.
 */
public class PacerelleMetrics implements MeterBinder {

	private static final String AGENT = "agent";

	private final Map<String, AgentGatewayClient> clients;

	/**
	 * Creates a binder for one agent.
	 * @param client what is measured
	 */
	public PacerelleMetrics(AgentGatewayClient client) {
		this(Map.of("", client));
	}

	/**
	 * Creates a binder. With several agents, the meters have a tag {@code agent}.
	 * @param clients what is measured, by the names of the agents
	 */
	public PacerelleMetrics(Map<String, AgentGatewayClient> clients) {
		this.clients = Map.copyOf(clients);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		boolean several = this.clients.size() > 1;
		this.clients.forEach((agent, client) -> {
			for (PacerelleMeter meter : PacerelleMeter.values()) {
				Gauge.builder(meter.getName(), client, meter::value)
					.description(meter.description())
					.tags(several ? Tags.of(AGENT, agent) : Tags.empty())
					.register(registry);
			}
		});
	}

}
