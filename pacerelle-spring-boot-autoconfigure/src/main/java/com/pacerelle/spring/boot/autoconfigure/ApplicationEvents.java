package com.pacerelle.spring.boot.autoconfigure;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.spring.client.AgentEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.log.LogMessage;

/**
 * Publishes what clients tell as events of the application, for {@code @EventListener}
 * methods with a parameter of type {@link GatewayEvent}, or of type {@link AgentEvent} to
 * know the agent when there are several.
 */
final class ApplicationEvents {

	private static final Log logger = LogFactory.getLog(ApplicationEvents.class);

	private final ApplicationEventPublisher publisher;

	ApplicationEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/** An event of the only agent. */
	void publish(GatewayEvent event) {
		publish(event, event);
	}

	/** An event of one of several agents. */
	void publish(String agent, GatewayEvent event) {
		publish(new AgentEvent<>(agent, event), event);
	}

	/** A listener that fails gets the next event. */
	private void publish(Object applicationEvent, GatewayEvent event) {
		try {
			this.publisher.publishEvent(applicationEvent);
		}
		catch (RuntimeException ex) {
			logger.error(LogMessage.format("A listener failed at %s", event.getClass().getSimpleName()), ex);
		}
	}

}
