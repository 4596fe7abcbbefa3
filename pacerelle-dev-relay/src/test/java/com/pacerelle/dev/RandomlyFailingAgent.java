package com.pacerelle.dev;

import java.net.URI;
import java.util.Random;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.spring.handler.PacerelleHandler;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * A process to be killed: its handler writes a row for each message and tells an auditor,
 * and fails at random.
 */
final class RandomlyFailingAgent {

	static final String TABLES = "CREATE TABLE orders (message TEXT, UNIQUE (message) DEFERRABLE INITIALLY DEFERRED)";

	private RandomlyFailingAgent() {
	}

	/**
	 * Runs until it is killed.
	 * @param args the address of the relay, the id of the agent, its token, the address
	 * of the database, and a seed
	 */
	public static void main(String[] args) {
		Orders.random = new Random(Long.parseLong(args[4]));
		try (TransactionalAgent agent = new TransactionalAgent(URI.create(args[0]), args[1], args[2],
				TransactionalAgent.pool(args[3]), Orders.class)) {
			agent.client().events().blockLast();
		}
	}

	@Component
	static class Orders {

		private static Random random = new Random();

		private final JdbcTemplate jdbc;

		Orders(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@PacerelleHandler(command = "/audit")
		String audit() {
			return "I will tell you";
		}

		@Transactional
		@PacerelleHandler
		String order(AgentMessage message, AgentGatewayClient client) {
			int when = random.nextInt(12);
			if (when == 0) {
				throw new IllegalStateException("Before it writes");
			}
			this.jdbc.update("INSERT INTO orders VALUES (?)", message.text());
			client.conversation("auditor", "c-auditor").sendAndWait(new Reply(message.text()));
			if (when == 1) {
				throw new IllegalStateException("After it has written");
			}
			if (when == 2) {
				// Refused when it commits.
				this.jdbc.update("INSERT INTO orders VALUES (?)", message.text());
			}
			return "Ordered " + message.text();
		}

	}

}
