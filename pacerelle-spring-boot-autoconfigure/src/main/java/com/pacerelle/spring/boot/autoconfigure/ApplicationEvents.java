package com.pacerelle.spring.boot.autoconfigure;

import java.util.function.Consumer;

import com.pacerelle.client.GatewayEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.log.LogMessage;

/**
 * Publishes what clients tell as events of the application, for {@code @EventListener}
 * methods with a parameter of type {@link GatewayEvent}.
 */
final class ApplicationEvents implements Consumer<GatewayEvent> {

	private static final Log logger = LogFactory.getLog(ApplicationEvents.class);

	private final ApplicationEventPublisher publisher;

	ApplicationEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/** A listener that fails gets the next event. */
	@Override
	public void accept(GatewayEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.error(LogMessage.format("A listener failed at %s", event.getClass().getSimpleName()), ex);
		}
	}

}
