package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.GatewayEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Disposable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.log.LogMessage;

/**
 * Publishes what the client tells as events of the application, for
 * {@code @EventListener} methods with a parameter of type {@link GatewayEvent}.
 */
final class GatewayEventPublisher implements SmartInitializingSingleton, DisposableBean {

	private static final Log logger = LogFactory.getLog(GatewayEventPublisher.class);

	private final AgentGatewayClient client;

	private final ApplicationEventPublisher publisher;

	private Disposable subscription = () -> {
	};

	GatewayEventPublisher(AgentGatewayClient client, ApplicationEventPublisher publisher) {
		this.client = client;
		this.publisher = publisher;
	}

	/** Before the client starts, so that no event is missed. */
	@Override
	public void afterSingletonsInstantiated() {
		this.subscription = this.client.events().subscribe(this::publish);
	}

	/** A listener that fails gets the next event. */
	private void publish(GatewayEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.error(LogMessage.format("A listener failed at %s", event.getClass().getSimpleName()), ex);
		}
	}

	@Override
	public void destroy() {
		this.subscription.dispose();
	}

}
