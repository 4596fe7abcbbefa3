package com.pacerelle.sample;

import java.nio.file.Path;
import java.time.Duration;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.replies;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which device the agent writes to when it names none (gateway.md section 11).
 */
@RequiresPython
class LastDeviceIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	private AgentStore store;

	private AgentGatewayClient agent;

	@BeforeEach
	void startAgent(@TempDir Path directory) {
		RelayAccess relay = this.peer.access();
		this.store = SqliteAgentStore.open(directory, relay.agentId());
		this.agent = new DefaultAgentGatewayClient(AgentGatewaySettings.builder(relay.agentId(), relay.token())
			.connection((connection) -> connection.baseUrl(relay.baseUrl()))
			.build(), this.store, (message, conversation) -> Mono.empty());
		this.agent.start();
		this.peer.await(connected());
	}

	@AfterEach
	void stopAgent() {
		this.agent.stop(Duration.ZERO).block(TIMEOUT);
		this.store.close();
	}

	@Test
	void theDeviceThatAGroupMessageNamesProvesNothing() {
		NativePerson anna = this.peer.join("anna", "anna", "team", "phone");
		anna.send(Messages.of("It is me").unanswered());
		this.peer.await(allAcknowledged());
		NativeGroup group = this.peer.group("team");
		group.distribute(anna);
		group.send(this.peer.join("mallory", "anna", "team", "laptop"), "It is me, too");
		this.peer.await(allAcknowledged());
		this.agent.conversation("anna", "team").sendMessage("For you alone").block(TIMEOUT);
		this.peer.await(replies(1));
		assertThat(anna.replies()).singleElement().satisfies((reply) -> {
			assertThat(reply.toDeviceId()).isEqualTo("phone");
			assertThat(reply.text()).isEqualTo("For you alone");
		});
	}

}
