package com.pacerelle.spring.boot.actuate;

import java.util.function.ToDoubleFunction;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.StandbyException;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/**
 * What is measured of the application's agent besides the timers of its
 * {@link com.pacerelle.client.observation.PacerelleObservation observations}. When there
 * are several agents, each has a tag {@code agent} with the name of the agent.
 */
public enum PacerelleMeter implements MeterDocumentation {

	/** 1 while the relay answers, else 0. */
	CONNECTED("pacerelle.connected", "Whether the relay answers",
			(client) -> Occupation.of(client).isConnected() ? 1 : 0),

	/** 1 while the agent runs here, 0 while this is a standby, or stopped. */
	ACTIVE("pacerelle.active", "Whether the agent runs here", (client) -> Occupation.of(client).isActive() ? 1 : 0),

	/** How many messages have come and are not accepted yet. */
	MESSAGES_WAITING("pacerelle.messages.waiting", "Messages that have come and are not accepted yet",
			(client) -> client.load().messages()),

	/** How many answers of people are waited for. */
	QUESTIONS_OPEN("pacerelle.questions.open", "Answers of people that are waited for",
			(client) -> client.load().questions()),

	/** How many outgoing frames are not delivered to the relay yet. */
	FRAMES_UNDELIVERED("pacerelle.frames.undelivered", "Outgoing frames that are not delivered to the relay yet",
			(client) -> client.load().frames()),

	/** How many messages could not be handled, and are kept. Reads the store. */
	DEAD_LETTERS("pacerelle.dead.letters", "Messages that could not be handled and are kept",
			(client) -> client.deadLetters().size()),

	/** How many devices wait for approval. Reads the store. */
	DEVICES_WAITING("pacerelle.devices.waiting", "Devices that wait for approval",
			(client) -> client.waitingDevices().size());

	private final String name;

	private final String description;

	private final ToDoubleFunction<AgentGatewayClient> value;

	PacerelleMeter(String name, String description, ToDoubleFunction<AgentGatewayClient> value) {
		this.name = name;
		this.description = description;
		this.value = value;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Meter.Type getType() {
		return Meter.Type.GAUGE;
	}

	String description() {
		return this.description;
	}

	/** A standby has none of anything. */
	double value(AgentGatewayClient client) {
		try {
			return this.value.applyAsDouble(client);
		}
		catch (StandbyException ex) {
			return 0;
		}
	}

}
