package com.pacerelle.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.HandlingSettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import reactor.core.publisher.Mono;

/**
 * The real client and its store, connected to a relay.
 */
final class TestAgent implements AutoCloseable {

	static final AgentMessageHandler ECHO = (message, conversation) -> Mono
		.just(new Reply("Received: " + message.text()));

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final AgentStore store;

	private final AgentGatewayClient client;

	TestAgent(DevRelay relay, Path storeRoot, AgentMessageHandler handler) {
		this(relay, SqliteAgentStore.open(storeRoot, relay.agentId()), handler);
	}

	TestAgent(DevRelay relay, AgentStore store, AgentMessageHandler handler) {
		this(relay, store, handler, (handling) -> {
		});
	}

	TestAgent(DevRelay relay, AgentStore store, AgentMessageHandler handler,
			Consumer<HandlingSettings.Builder> handling) {
		AgentGatewaySettings settings = AgentGatewaySettings.builder(relay.agentId(), relay.token())
			.connection((connection) -> connection.baseUrl(relay.baseUrl()).minBackoff(Duration.ofMillis(10)))
			.handling(handling)
			.build();
		this.store = store;
		this.client = new DefaultAgentGatewayClient(settings, this.store, handler);
		this.client.start();
		this.client.connected().block(PATIENCE);
	}

	AgentGatewayClient client() {
		return this.client;
	}

	@Override
	public void close() {
		this.client.stop(PATIENCE).block();
		this.store.close();
	}

}
