package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The published SDK's own echo agent on our relay, in conversation with our person.
 */
@RequiresPython
class PublishedSdkIT {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	@AutoClose
	private DevRelay relay;

	@AutoClose
	private AgentProcess agent;

	@BeforeEach
	void startAgent() {
		this.relay = DevRelay.start();
		this.agent = AgentProcess
			.publishedSdk(new RelayAccess(this.relay.agentId(), this.relay.token(), this.relay.baseUrl()))
			.start();
		await().atMost(TIMEOUT).until(this.relay::isAgentConnected);
	}

	@AfterEach
	void nothingWasAgainstTheProtocol() {
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(this.relay.unacknowledged()).isEmpty());
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void answersEachPersonOnEachDevice() {
		List<Person> people = List.of(this.relay.person("alice", "conv-alice", "phone"),
				this.relay.person("alice", "conv-alice", "desk"), this.relay.person("alice", "conv-other", "phone"),
				this.relay.person("bob", "conv-bob", null));
		for (Person person : people) {
			assertThat(echo(person, "Hello")).isEqualTo("Received: Hello");
			assertThat(echo(person, "Hello again")).isEqualTo("Received: Hello again");
		}
		assertThat(people.get(0).received().take(2).collectList().block(TIMEOUT)).hasSize(2);
	}

	@Test
	void answersAHundredMessagesThatWereSentBeforeTheFirstAnswer() {
		Person alice = this.relay.person("alice", "conv-alice", "phone");
		List<String> texts = IntStream.range(0, 100).mapToObj((number) -> "Message " + number).toList();
		texts.forEach(alice::send);
		assertThat(texts(alice, 100)).isEqualTo(texts.stream().map("Received: "::concat).toList());
	}

	@Test
	void answersThroughManyTurnsOfTheRatchets() {
		Person alice = this.relay.person("alice", "conv-alice", "phone");
		for (int turn = 0; turn < 100; turn++) {
			assertThat(echo(alice, "Turn " + turn)).isEqualTo("Received: Turn " + turn);
		}
	}

	@Test
	void answersLargeTextsWithEmoji() {
		Person alice = this.relay.person("alice", "conv-alice", "phone");
		String text = "👩‍👩‍👧 für 🇫🇷 字\n".repeat(3_000);
		assertThat(echo(alice, text)).isEqualTo("Received: " + text);
	}

	@Test
	void goesOnWithItsSessionsAfterARestart() {
		Person alice = this.relay.person("alice", "conv-alice", "phone");
		String verificationCode = alice.verificationCode();
		echo(alice, "before");
		await().atMost(TIMEOUT).untilAsserted(() -> assertThat(this.relay.unacknowledged()).isEmpty());
		this.agent.kill();
		await().atMost(TIMEOUT).until(() -> !this.relay.isAgentConnected());
		String waiting = alice.send("while it was away");
		assertThat(this.relay.unacknowledged()).containsExactly(waiting);
		this.agent.start();
		assertThat(alice.reply(waiting).block(TIMEOUT)).extracting(ReceivedMessage::text)
			.isEqualTo("Received: while it was away");
		assertThat(echo(alice, "after")).isEqualTo("Received: after");
		assertThat(echo(this.relay.person("bob", "conv-bob", null), "new here")).isEqualTo("Received: new here");
		assertThat(alice.identityChanged()).isFalse();
		assertThat(alice.verificationCode()).isEqualTo(verificationCode);
	}

	@Test
	void goesOnAfterTheRelayHasClosedTheConnection() {
		Person alice = this.relay.person("alice", "conv-alice", "phone");
		echo(alice, "before");
		this.relay.disconnectAgent();
		assertThat(echo(alice, "after")).isEqualTo("Received: after");
	}

	private static String echo(Person person, String text) {
		return person.reply(person.send(text)).map(ReceivedMessage::text).block(TIMEOUT);
	}

	private static List<String> texts(Person person, int count) {
		return person.received().take(count).map(ReceivedMessage::text).collectList().block(TIMEOUT);
	}

}
