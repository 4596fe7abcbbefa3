package com.pacerelle.spring.client;

import com.pacerelle.client.GatewayEvent;

import org.springframework.context.PayloadApplicationEvent;

/**
 * What one of several agents tells: a listener with a parameter of type
 * {@code AgentEvent<?>}, or {@code AgentEvent<GatewayEvent.DeviceAdded>}, knows the agent
 * as well, one with a parameter of type {@link GatewayEvent} only the event.
 *
 * @param <E> the type of the event
 */
public final class AgentEvent<E extends GatewayEvent> extends PayloadApplicationEvent<E> {

	private static final long serialVersionUID = 1L;

	private final String agent;

	/**
	 * Creates an event.
	 * @param agent which agent tells it
	 * @param event what it tells
	 */
	public AgentEvent(String agent, E event) {
		super(agent, event);
		this.agent = agent;
	}

	/**
	 * The agent.
	 * @return its name in {@code pacerelle.agents}, or the id of one that was installed
	 */
	public String getAgent() {
		return this.agent;
	}

	@Override
	public String toString() {
		return "AgentEvent[agent=" + this.agent + ", event=" + getPayload() + "]";
	}

}
