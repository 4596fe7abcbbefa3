package com.pacerelle.dev;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.pacerelle.client.store.jdbc.PostgresStores;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The real client with its state in PostgreSQL, through the relay, to people.
 */
class PostgresAgentTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@AutoClose
	private final EmbeddedPostgres postgres = EmbeddedPostgres.start();

	@AutoClose
	private final DevRelay relay = DevRelay.start();

	PostgresAgentTests() throws Exception {
	}

	@Test
	void answersEachMessageOnceOverRestartsAndWhenTheDatabaseDropsItsConnections() throws SQLException {
		Person alice = this.relay.person("alice", "conversation", "phone");
		String code;
		try (TestAgent agent = agent()) {
			alice.send("message 0");
			assertThat(received(alice, 1)).containsExactly("Received: message 0");
			code = agent.client().verificationCode();
		}
		await().until(() -> !this.relay.isAgentConnected());
		alice.send("message 1");
		try (TestAgent agent = agent()) {
			assertThat(received(alice, 2)).hasSize(2);
			for (int i = 2; i < 30; i++) {
				alice.send("message " + i);
				if (i % 10 == 5) {
					dropConnections();
				}
			}
			assertThat(received(alice, 30))
				.isEqualTo(IntStream.range(0, 30).mapToObj((i) -> "Received: message " + i).toList());
			await().atMost(PATIENCE).until(() -> this.relay.unacknowledged().isEmpty());
			assertThat(agent.client().verificationCode()).isEqualTo(code);
			assertThat(alice.identityChanged()).isFalse();
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	private TestAgent agent() {
		return new TestAgent(this.relay,
				new PostgresStores(this.postgres.getPostgresDatabase()).open(this.relay.agentId(), null),
				TestAgent.ECHO);
	}

	private static List<String> received(Person person, int count) {
		return person.received().take(count).map(ReceivedMessage::text).collectList().block(PATIENCE);
	}

	private void dropConnections() throws SQLException {
		try (Connection connection = this.postgres.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
					+ " AND backend_type = 'client backend'");
		}
	}

}
