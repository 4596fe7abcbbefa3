package com.pacerelle.sample;

import com.pacerelle.client.GatewayEvent;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.spring.handler.Argument;
import com.pacerelle.spring.handler.PacerelleHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Handlers of an application that go wrong in every way.
 */
@Component
@Profile("canary")
class CanaryHandlers {

	private static final Logger logger = LoggerFactory.getLogger(CanaryHandlers.class);

	@PacerelleHandler(command = "/throw")
	String fail(AgentMessage message) {
		throw new IllegalStateException(message.text(), new RuntimeException(message.text()));
	}

	@PacerelleHandler(command = "/fail")
	Mono<String> failLater(AgentMessage message) {
		return Mono.error(() -> new IllegalStateException(message.text()));
	}

	@PacerelleHandler(command = "/late")
	Mono<String> neverAnswer() {
		return Mono.never();
	}

	@PacerelleHandler(command = "/number")
	String number(@Argument int number) {
		return "A number";
	}

	@EventListener
	void told(GatewayEvent event) {
		logger.info("Event {}", event);
	}

}
