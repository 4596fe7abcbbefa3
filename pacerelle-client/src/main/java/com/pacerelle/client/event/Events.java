package com.pacerelle.client.event;

import com.pacerelle.client.GatewayEvent;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Publishes events to subscribers, on threads other than those of the client.
 */
public final class Events {

	private final Sinks.Many<GatewayEvent> sink = Sinks.many().multicast().directBestEffort();

	/**
	 * Publishes an event; never waits.
	 * @param event the event
	 */
	public synchronized void publish(GatewayEvent event) {
		this.sink.tryEmitNext(event);
	}

	public synchronized void complete() {
		this.sink.tryEmitComplete();
	}

	public Flux<GatewayEvent> asFlux() {
		return this.sink.asFlux().publishOn(Schedulers.boundedElastic());
	}

}
