package com.pacerelle.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.EncryptionKey;
import com.pacerelle.client.store.EncryptionKeys;
import com.pacerelle.client.store.jdbc.PostgresStores;
import com.pacerelle.client.store.jdbc.StoreMove;
import com.pacerelle.sample.NativePeer.Verdict;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.chatsOver;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * An agent moves to PostgreSQL and back: people notice nothing.
 */
@RequiresPython
class StoreMoveIT {

	private static final EncryptionKeys KEYS = EncryptionKeys.of(EncryptionKey.of(new byte[32]), List.of());

	private static final AgentMessageHandler ECHO = (message, conversation) -> Mono
		.just(new Reply("Received: " + message.text()));

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private final AgentProcess agent = AgentProcess.sample(this.peer.access());

	@Test
	void conversationsGoOnInPostgresAndBackInSqlite() throws IOException {
		this.agent.start();
		this.peer.await(connections(1));
		List<NativePerson> people = List.of(this.peer.join("anna", "anna", "conv-anna", "phone"),
				this.peer.join("bert"), this.peer.join("carla", "carla", "conv-carla", "tablet"));
		chat(people, 1);
		String verificationCode = this.peer.stats().verificationCode();
		this.agent.stop();
		this.peer.await(disconnected());
		people.forEach((person) -> person.send("While no agent runs"));
		String agentId = this.peer.access().agentId();
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			PostgresStores postgres = new PostgresStores(server.getPostgresDatabase());

			try (AgentStore store = StoreMove.toPostgres(this.agent.store(), null, postgres, agentId, KEYS)) {
				AgentGatewayClient client = new DefaultAgentGatewayClient(settings(), store, ECHO);
				client.start();
				this.peer.await(connections(2), allAcknowledged());
				chat(people, 2);
				client.stop(Duration.ofSeconds(10)).block(Duration.ofMinutes(1));
			}
			this.peer.await(disconnected());
			people.forEach((person) -> person.send("While no agent runs again"));
			StoreMove.toSqlite(postgres, KEYS, this.agent.store(), agentId, null).close();
		}
		this.agent.start();
		this.peer.await(connections(3), allAcknowledged());
		chat(people, 3);
		Verdict verdict = this.peer.check();
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted());
		assertThat(this.peer.stats().verificationCode()).isEqualTo(verificationCode);
	}

	private AgentGatewaySettings settings() {
		RelayAccess relay = this.peer.access();
		return AgentGatewaySettings.builder(relay.agentId(), relay.token())
			.connection((connection) -> connection.baseUrl(relay.baseUrl()))
			.build();
	}

	private void chat(List<NativePerson> people, long seed) {
		this.peer.chat(people, 5, 2, 100, seed);
		this.peer.await(Duration.ofMinutes(2), chatsOver(), allAcknowledged());
	}

}
