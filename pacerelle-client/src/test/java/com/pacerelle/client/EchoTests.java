package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.SqliteAgentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An agent that answers, from the first start to the last close.
 */
class EchoTests {

	private final TestRelay relay = new TestRelay();

	private AgentStore store;

	private AgentGatewayClient client;

	@BeforeEach
	void start(@TempDir Path root) {
		AgentGatewaySettings settings = this.relay.settings(root).build();
		this.store = SqliteAgentStore.open(root, settings.agentId());
		this.client = AgentGatewayClient.create(settings, this.store,
				(message) -> Mono.just(new Reply("Received: " + message.text())));
		this.client.start();
		this.client.connected().block(Duration.ofSeconds(10));
	}

	@AfterEach
	void stop() {
		this.client.stop(Duration.ofSeconds(5)).block();
		this.store.close();
		this.relay.close();
	}

	@Test
	void answersAMessageAndAcknowledgesItAfterTheAnswer() {
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		String id = alice.write("Hello \uD83D\uDC4B");
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(alice.readNew()).containsExactly("Received: Hello \uD83D\uDC4B");
		assertThat(this.relay.frames().get(0)).contains("\"type\":\"MSG\"");
	}

}
