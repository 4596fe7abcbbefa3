package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A frame is delivered when the relay has answered a ping that came after it; until then
 * it is sent again.
 */
class DeliveryTests {

	private final TestRelay relay = new TestRelay();

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root,
				(settings) -> settings.connection((connection) -> connection.pingInterval(Duration.ofMillis(100))),
				(message, conversation) -> Mono.just(new Reply("Received: " + message.text())))
			.start();
		this.alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void confirmedFramesAreForgotten() {
		acknowledged(this.alice.write("hello"));
		await().until(() -> this.agent.store().undelivered(0, 10).isEmpty());
		this.relay.drop();
		await().until(() -> this.relay.connections() == 2);
		acknowledged(this.alice.write("again"));
		assertThat(this.relay.messages()).hasSize(2);
	}

	@Test
	void framesWithoutAPongAreSentAgainByteForByteInOrderBeforeNewerOnes() {
		acknowledged(this.alice.write("hello"));
		await().until(() -> this.agent.store().undelivered(0, 10).isEmpty());
		this.relay.frames().clear();
		this.relay.answerPings(false);
		for (int i = 0; i < 3; i++) {
			acknowledged(this.alice.write("text " + i));
		}
		List<String> sent = messages();
		assertThat(sent).hasSize(3);
		this.relay.frames().clear();
		this.relay.onConnect(() -> this.relay.answerPings(true));
		this.relay.drop();
		await().until(() -> this.relay.connections() == 2);
		acknowledged(this.alice.write("newer"));
		assertThat(messages()).startsWith(sent.toArray(String[]::new)).hasSize(4);
		await().until(() -> this.agent.store().undelivered(0, 10).isEmpty());
		assertThat(this.alice.readNew()).hasSize(4);
	}

	@Test
	void framesAreSentAgainWhenTheConnectionIsLostBeforeThePong() {
		this.relay.beforePong(() -> {
			if (!this.relay.messages().isEmpty() && this.relay.connections() == 1) {
				this.relay.drop();
			}
		});
		this.alice.write("hello");
		await().until(() -> this.relay.connections() == 2 && this.agent.store().undelivered(0, 10).isEmpty());
		assertThat(messages()).hasSizeGreaterThanOrEqualTo(2);
		assertThat(messages().stream().distinct()).hasSize(1);
	}

	@Test
	void framesAreSentAgainAfterARestart() {
		this.relay.answerPings(false);
		acknowledged(this.alice.write("hello"));
		List<String> sent = messages();
		this.relay.frames().clear();
		this.relay.answerPings(true);
		this.agent.restart((message, conversation) -> Mono.empty());
		await().until(() -> messages().equals(sent));
	}

	@Test
	void messagesSentWithoutAConnectionArriveInOrderHoweverManyTheyAre() {
		acknowledged(this.alice.write("hello"));
		assertThat(this.alice.readNew()).hasSize(1);
		await().until(() -> this.agent.store().undelivered(0, 1).isEmpty());
		this.relay.answerUpgradeWith(503);
		this.relay.drop();
		await().until(() -> this.agent.client().state() == ConnectionState.WAITING);
		List<String> texts = IntStream.range(0, 1200).mapToObj((i) -> "text " + i).toList();
		Flux.fromIterable(texts)
			.concatMap((text) -> this.agent.client().conversation("alice", "c-1").sendMessage(text))
			.blockLast(Duration.ofMinutes(5));
		assertThat(this.relay.messages()).hasSize(1);
		this.relay.answerUpgradeWith(101);
		await().until(() -> this.relay.messages().size() == 1201);
		assertThat(this.alice.readNew()).isEqualTo(texts);
		await().until(() -> this.agent.store().undelivered(0, 1).isEmpty());
	}

	@Test
	void memoryHoldsNoMoreUnconfirmedFramesThanTheWindow() {
		acknowledged(this.alice.write("hello"));
		this.relay.answerPings(false);
		String large = "x".repeat(100_000);
		int count = 120;
		Flux.range(0, count)
			.concatMap((i) -> this.agent.client().conversation("alice", "c-1").sendMessage(i + large))
			.blockLast(Duration.ofMinutes(5));
		await().until(() -> this.relay.messages().size() > 50);
		assertThat(this.relay.messages().size()).isLessThan(70);
		this.relay.onConnect(() -> this.relay.answerPings(true));
		this.relay.drop();
		await().until(() -> this.agent.store().undelivered(0, 1).isEmpty());
		List<String> texts = this.alice.readNew();
		assertThat(texts.subList(1, texts.size())).hasSize(count).allMatch((text) -> text.endsWith(large));
	}

	@Test
	void frameThatTheRelayRefusesAsTooLargeDoesNotStandInFrontOfOthers() {
		acknowledged(this.alice.write("hello"));
		this.relay.refuseLongerThan(5_000);
		this.agent.client().conversation("alice", "c-1").sendMessage("x".repeat(10_000)).block();
		await().until(() -> this.relay.connections() > 1);
		acknowledged(this.alice.write("short"));
		await().until(() -> this.agent.store().undelivered(0, 10).isEmpty());
		assertThat(this.alice.readNew()).containsExactly("Received: hello", "Received: short");
	}

	@Test
	void frameThatIsRefusedAsTooLargeForTheFirstTimeIsSentAgain() {
		acknowledged(this.alice.write("hello"));
		this.relay.refuseLongerThan(5_000);
		this.relay.onConnect(() -> this.relay.refuseLongerThan(Integer.MAX_VALUE));
		this.agent.client().conversation("alice", "c-1").sendMessage("x".repeat(10_000)).block();
		await().until(() -> this.relay.messages().size() == 2);
		assertThat(this.relay.connections()).isEqualTo(2);
		assertThat(this.alice.readNew()).containsExactly("Received: hello", "x".repeat(10_000));
	}

	@Test
	void frameThatIsRefusedTwiceButNotInARowIsSentAgain() {
		acknowledged(this.alice.write("hello"));
		this.relay.refuseLongerThan(5_000);
		this.relay.onConnect(() -> {
			this.relay.closeWith((this.relay.connections() == 2) ? 1011 : 0);
			this.relay.refuseLongerThan((this.relay.connections() < 4) ? 5_000 : Integer.MAX_VALUE);
		});
		this.agent.client().conversation("alice", "c-1").sendMessage("x".repeat(10_000)).block();
		await().until(() -> this.relay.messages().size() == 2);
		assertThat(this.relay.connections()).isEqualTo(4);
		assertThat(this.alice.readNew()).containsExactly("Received: hello", "x".repeat(10_000));
	}

	@Test
	void confirmationsThatCouldNotBeStoredAreStoredLater() {
		this.agent.store().fail((changes) -> changes.stream().anyMatch(Change.FramesDelivered.class::isInstance));
		acknowledged(this.alice.write("hello"));
		acknowledged(this.alice.write("again"));
		this.agent.store().fail((changes) -> false);
		acknowledged(this.alice.write("once more"));
		await().until(() -> this.agent.store().undelivered(0, 10).isEmpty());
		assertThat(messages()).hasSize(3);
	}

	private void acknowledged(String id) {
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	private List<String> messages() {
		return new ArrayList<>(
				this.relay.frames().stream().filter((frame) -> frame.contains("\"type\":\"MSG\"")).toList());
	}

}
