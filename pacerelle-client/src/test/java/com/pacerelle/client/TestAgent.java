package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;

import static org.awaitility.Awaitility.await;

/**
 * An agent with a real store which can be started again on the same store.
 */
public final class TestAgent implements AutoCloseable {

	private final TestRelay relay;

	private final AgentGatewaySettings settings;

	private final List<GatewayEvent> events = new CopyOnWriteArrayList<>();

	private AgentMessageHandler handler;

	private FragileStore store;

	private AgentGatewayClient client;

	/**
	 * Starts an agent, and waits until it is connected.
	 * @param relay its relay
	 * @param root where its store is
	 * @param handler handles its messages
	 */
	public TestAgent(TestRelay relay, Path root, AgentMessageHandler handler) {
		this(relay, root, (settings) -> settings, handler);
		start();
	}

	/**
	 * Creates an agent that is not started.
	 * @param relay its relay
	 * @param root where its store is
	 * @param customizer changes its settings
	 * @param handler handles its messages
	 */
	public TestAgent(TestRelay relay, Path root, UnaryOperator<AgentGatewaySettings.Builder> customizer,
			AgentMessageHandler handler) {
		this.relay = relay;
		this.settings = customizer.apply(relay.settings(root)).build();
		this.handler = handler;
		this.store = open();
		this.client = create();
	}

	private FragileStore open() {
		return new FragileStore(SqliteAgentStore.open(this.settings.storeRoot(), this.settings.agentId()));
	}

	private AgentGatewayClient create() {
		AgentGatewayClient client = new DefaultAgentGatewayClient(this.settings, this.store, this.handler);
		client.events().subscribe(this.events::add);
		return client;
	}

	TestAgent start() {
		int connections = this.relay.connections();
		this.client.start();
		this.client.connected().block(Duration.ofMinutes(1));
		// The client knows of its connection before the relay does.
		await().until(() -> this.relay.connections() > connections);
		return this;
	}

	/**
	 * Ends this process, however it is, and starts another one on the same store.
	 * @param handler handles the messages from now on
	 */
	void restart(AgentMessageHandler handler) {
		close();
		this.handler = handler;
		this.store = open();
		this.client = create();
		start();
	}

	public AgentGatewayClient client() {
		return this.client;
	}

	FragileStore store() {
		return this.store;
	}

	List<GatewayEvent> events() {
		return this.events;
	}

	<T extends GatewayEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		this.client.stop(Duration.ofSeconds(2)).block(Duration.ofMinutes(1));
		this.store.close();
	}

}
