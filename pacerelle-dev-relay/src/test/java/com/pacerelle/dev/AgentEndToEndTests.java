package com.pacerelle.dev;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.AgentMessageHandler;
import com.pacerelle.client.ConnectionState;
import com.pacerelle.client.DeadLetter;
import com.pacerelle.client.NoHandlerException;
import com.pacerelle.client.TokenRefusedException;
import com.pacerelle.client.core.DefaultAgentGatewayClient;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The real client as the agent, through the relay, to people.
 */
class AgentEndToEndTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final DevRelay relay = DevRelay.start();

	@TempDir
	private Path storeRoot;

	@AfterEach
	void close() {
		this.relay.close();
	}

	@Test
	void answersAnEncryptedMessage() {
		try (TestAgent agent = agent(TestAgent.ECHO)) {
			Person alice = this.relay.person("alice", "conversation", "phone");
			String id = alice.send("Hello 👋");
			assertThat(reply(alice, id)).isEqualTo("Received: Hello 👋");
			assertThat(alice.verificationCode()).isEqualTo(agent.client().verificationCode());
			awaitAcknowledgements();
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void answersManyPeopleAndDevicesAtOnce() {
		try (TestAgent agent = agent(TestAgent.ECHO)) {
			List<Person> people = Stream.of("alice", "bob", "carol", "dave")
				.flatMap((user) -> Stream.of(this.relay.person(user, user, "phone"),
						this.relay.person(user, user, "laptop"), this.relay.person(user, user, null)))
				.toList();
			List<List<String>> ids = people.stream()
				.map((person) -> IntStream.range(0, 20).mapToObj((i) -> person.send("message " + i)).toList())
				.toList();
			for (int p = 0; p < people.size(); p++) {
				List<ReceivedMessage> received = receive(people.get(p), 20);
				assertThat(received).extracting(ReceivedMessage::replyToMessageId).isEqualTo(ids.get(p));
				assertThat(received).extracting(ReceivedMessage::text)
					.isEqualTo(IntStream.range(0, 20).mapToObj((i) -> "Received: message " + i).toList());
			}
			awaitAcknowledgements();
			assertThat(agent.client().state()).isEqualTo(ConnectionState.CONNECTED);
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void answersEachMessageOnceWhenConnectionsBreak() {
		try (TestAgent agent = agent(TestAgent.ECHO)) {
			Person alice = this.relay.person("alice", "conversation", "phone");
			for (int i = 0; i < 30; i++) {
				alice.send("message " + i);
				if (i % 10 == 5) {
					await().until(this.relay::isAgentConnected);
					this.relay.disconnectAgent();
				}
			}
			assertThat(receive(alice, 30)).extracting(ReceivedMessage::text)
				.isEqualTo(IntStream.range(0, 30).mapToObj((i) -> "Received: message " + i).toList());
			String last = alice.send("last");
			assertThat(receive(alice, 31).get(30).replyToMessageId()).isEqualTo(last);
			awaitAcknowledgements();
			assertThat(agent.client().state()).isNotEqualTo(ConnectionState.TOKEN_REFUSED);
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void continuesTheConversationAfterARestart() {
		Person alice = this.relay.person("alice", "conversation", "phone");
		String code;
		try (TestAgent agent = agent(TestAgent.ECHO)) {
			assertThat(reply(alice, alice.send("before"))).isEqualTo("Received: before");
			code = agent.client().verificationCode();
		}
		await().until(() -> !this.relay.isAgentConnected());
		String meanwhile = alice.send("meanwhile");
		try (TestAgent agent = agent(TestAgent.ECHO)) {
			assertThat(reply(alice, meanwhile)).isEqualTo("Received: meanwhile");
			assertThat(reply(alice, alice.send("after"))).isEqualTo("Received: after");
			assertThat(agent.client().verificationCode()).isEqualTo(code);
			assertThat(alice.identityChanged()).isFalse();
			awaitAcknowledgements();
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void saysThatNothingHandlesAMessageAndKeepsIt() {
		AgentMessageHandler handler = (message, conversation) -> message.text().equals("unknown")
				? Flux.error(new NoHandlerException("nothing handles it"))
				: TestAgent.ECHO.handle(message, conversation);
		try (TestAgent agent = agent(handler)) {
			Person alice = this.relay.person("alice", "conversation", "phone");
			String unhandled = alice.send("unknown");
			assertThat(reply(alice, unhandled)).isEqualTo("I do not know what to do with your message");
			assertThat(reply(alice, alice.send("known"))).isEqualTo("Received: known");
			awaitAcknowledgements();
			assertThat(agent.client().deadLetters()).extracting(DeadLetter::messageId).containsExactly(unhandled);
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void saysThatItsTokenIsRefused() {
		try (AgentStore store = SqliteAgentStore.open(this.storeRoot, "agent")) {
			AgentGatewaySettings settings = AgentGatewaySettings.builder("agent", "another-token")
				.connection((connection) -> connection.baseUrl(this.relay.baseUrl()))
				.storeRoot(this.storeRoot)
				.build();
			AgentGatewayClient client = new DefaultAgentGatewayClient(settings, store, TestAgent.ECHO);
			client.start();
			assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> client.connected().block(PATIENCE));
			client.stop(Duration.ZERO).block(PATIENCE);
		}
	}

	private static String reply(Person person, String messageId) {
		ReceivedMessage reply = person.reply(messageId).block(PATIENCE);
		assertThat(reply).isNotNull();
		return reply.text();
	}

	private static List<ReceivedMessage> receive(Person person, int count) {
		List<ReceivedMessage> received = person.received().take(count).collectList().block(PATIENCE);
		assertThat(received).isNotNull();
		return received;
	}

	private TestAgent agent(AgentMessageHandler handler) {
		return new TestAgent(this.relay, this.storeRoot, handler);
	}

	private void awaitAcknowledgements() {
		await().until(() -> this.relay.unacknowledged().isEmpty());
	}

}
