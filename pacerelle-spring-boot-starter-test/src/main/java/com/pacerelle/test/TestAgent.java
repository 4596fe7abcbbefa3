package com.pacerelle.test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.GatewayEvent.HandlingFailed;
import com.pacerelle.dev.DevRelay;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The agent under test, for what may happen to its process and its connection.
 */
public final class TestAgent {

	private final DevRelay relay;

	private final ObjectProvider<AgentGatewayClient> client;

	private final CrashingStorePostProcessor store;

	private final Duration timeout;

	private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

	private final AtomicInteger crashes = new AtomicInteger();

	TestAgent(DevRelay relay, ObjectProvider<AgentGatewayClient> client, CrashingStorePostProcessor store,
			Duration timeout) {
		this.relay = relay;
		this.client = client;
		this.store = store;
		this.timeout = timeout;
	}

	/** The context is complete: the client may need all of it. */
	void watch() {
		this.client.ifAvailable((client) -> client.events()
			.ofType(HandlingFailed.class)
			.subscribe((failed) -> this.failures.put(failed.conversationId(), failed.failure())));
	}

	/**
	 * Waits until the agent has handled all messages of all people.
	 * @throws org.awaitility.core.ConditionTimeoutException if it still handles one
	 */
	public void awaitIdle() {
		Awaitility.await("the agent has handled all messages")
			.atMost(this.timeout)
			.until(() -> unacknowledged().isEmpty());
	}

	/**
	 * Kills the process when it has handled the next message, and starts it again with
	 * what is on its disk. Beans of the application stay as they are.
	 * @param point when exactly
	 * @throws IllegalStateException if there is no agent in this test
	 */
	public void crashAt(CrashPoint point) {
		this.store.store().crashAt(point, () -> {
			this.crashes.incrementAndGet();
			Thread thread = new Thread(this::restart, "pacerelle-test-restart");
			thread.setDaemon(true);
			thread.start();
		});
	}

	/**
	 * Kills the process now, such as while a handler waits for an answer, and starts it
	 * again with what is on its disk. Beans of the application stay as they are.
	 * @throws IllegalStateException if there is no agent in this test
	 */
	public void crash() {
		this.store.store().goDown();
		this.crashes.incrementAndGet();
		restart();
	}

	/**
	 * How often the process was killed since the context started.
	 * @return the number of crashes
	 */
	public int crashes() {
		return this.crashes.get();
	}

	/**
	 * Ends the agent's connection, as a relay may do at any time. The agent connects
	 * again.
	 */
	public void disconnect() {
		this.relay.disconnectAgent();
	}

	private void restart() {
		AgentGatewayClient restarted = this.client.getObject();
		restarted.stop(Duration.ZERO).onErrorComplete().block();
		this.store.store().comeUp();
		restarted.start();
	}

	List<String> unacknowledged() {
		return this.relay.unacknowledged();
	}

	@Nullable Throwable lastFailure(String conversationId) {
		return this.failures.get(conversationId);
	}

}
