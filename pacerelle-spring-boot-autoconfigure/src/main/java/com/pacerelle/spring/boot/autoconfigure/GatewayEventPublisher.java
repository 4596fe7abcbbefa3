package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.AgentGatewayClient;
import reactor.core.Disposable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what the client of the application's own agent tells.
 */
final class GatewayEventPublisher implements SmartInitializingSingleton, DisposableBean {

	private final AgentGatewayClient client;

	private final ApplicationEvents events;

	private Disposable subscription = () -> {
	};

	GatewayEventPublisher(AgentGatewayClient client, ApplicationEventPublisher publisher) {
		this.client = client;
		this.events = new ApplicationEvents(publisher);
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
