package com.pacerelle.client.encryption;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.TestBlobs;
import com.pacerelle.client.TransportSettings;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.http.RelayHttpClient;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpResources;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GroupKeyEndpoint}.
 */
class GroupKeyEndpointTests {

	@Test
	void conversationIsEscapedAndNotObserved() {
		List<String> tags = new CopyOnWriteArrayList<>();
		ObservationRegistry registry = ObservationRegistry.create();
		ObservationHandler<Observation.Context> handler = new ObservationHandler<>() {

			@Override
			public void onStop(Observation.Context context) {
				tags.add(context.getAllKeyValues().toString());
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		};
		registry.observationConfig().observationHandler(handler);
		try (TestBlobs relay = new TestBlobs()) {
			relay.answer((request, response) -> response.sendString(Mono.just("[]")).then());
			AgentGatewaySettings settings = relay.settings()
				.connection((connection) -> connection.transport(
						new TransportSettings(false, null, null, WebClient.builder().observationRegistry(registry))))
				.build();
			RelayHttpClient client = new RelayHttpClient(settings.connection(), new AgentToken(settings.token()),
					HttpResources.get());
			assertThat(new GroupKeyEndpoint(client).envelopes("c-1 &{x}/#")).isEmpty();
			client.close();
			assertThat(relay.requests()).singleElement()
				.asString()
				.startsWith("GET /agent/group-keys?conversation_id=c-1%20%26%7Bx%7D%2F%23 Bearer token-1 ");
		}
		assertThat(tags).singleElement().asString().contains("conversation_id={conversationId}").doesNotContain("c-1");
	}

}
