package com.pacerelle.spring.boot.autoconfigure;

import java.util.function.Consumer;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.GatewayEvent;
import reactor.core.Disposable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Publishes what the client of an agent of the application's own tells.
 */
final class GatewayEventPublisher implements SmartInitializingSingleton, DisposableBean {

	private final AgentGatewayClient client;

	private final Consumer<GatewayEvent> events;

	private Disposable subscription = () -> {
	};

	GatewayEventPublisher(AgentGatewayClient client, Consumer<GatewayEvent> events) {
		this.client = client;
		this.events = events;
	}

	/** Before the client starts, so that no event is missed. */
	@Override
	public void afterSingletonsInstantiated() {
		this.subscription = this.client.events().subscribe(this.events);
	}

	@Override
	public void destroy() {
		this.subscription.dispose();
	}

}
