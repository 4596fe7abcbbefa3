package com.pacerelle.spring.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.GatewayEvent;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GatewayEventPublisher}.
 */
class GatewayEventPublisherTests {

	@Test
	void whatTheClientTellsIsAnEventOfTheApplicationAlsoAfterAListenerFailed() {
		StubClient client = new TalkingClient();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(PacerelleAutoConfiguration.class))
			.withBean(StubClient.class, () -> client)
			.withBean(Listener.class)
			.run((context) -> {
				Sinks.Many<GatewayEvent> events = ((TalkingClient) client).events;
				events.tryEmitNext(new GatewayEvent.IdentityChanged("alice"));
				events.tryEmitNext(new GatewayEvent.ConnectionChanged(ConnectionState.CONNECTED));
				events.tryEmitNext(new GatewayEvent.IdentityChanged("bob"));
				assertThat(context.getBean(Listener.class).changed).containsExactly("alice", "bob");
			});
	}

	static class TalkingClient extends StubClient {

		final Sinks.Many<GatewayEvent> events = Sinks.many().multicast().directBestEffort();

		TalkingClient() {
			this.connection.tryEmitEmpty();
		}

		@Override
		public Flux<GatewayEvent> events() {
			return this.events.asFlux();
		}

	}

	static class Listener {

		final List<String> changed = new CopyOnWriteArrayList<>();

		@EventListener
		void changed(GatewayEvent.IdentityChanged event) {
			this.changed.add(event.peerId());
			throw new IllegalStateException("from a listener");
		}

	}

}
