package com.pacerelle.dev;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * The frames on their way to one connection of the agent.
 */
final class AgentConnection {

	private final Sinks.Many<String> frames = Sinks.many().unicast().onBackpressureBuffer();

	/** Sends a frame. Called by one thread at a time; without effect once closed. */
	void send(String frame) {
		this.frames.tryEmitNext(frame);
	}

	void close() {
		this.frames.tryEmitComplete();
	}

	Flux<String> frames() {
		return this.frames.asFlux();
	}

}
