package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import com.pacerelle.client.MessageRecoverer.Recovery;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Each message ends, also one that can never be handled.
 */
class DeadLetterTests {

	private static final String SENTENCE = "Something went wrong, and your message could not be handled";

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private volatile AgentMessageHandler handler = (message, conversation) -> Mono
		.error(new IllegalStateException("never"));

	private volatile @Nullable RetrySettings retry;

	private @Nullable TestAgent agent;

	private final AgentMessageHandler recording = new AgentMessageHandler() {

		@Override
		public Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
			DeadLetterTests.this.calls.add(message.text());
			return message.text().equals("poison") ? DeadLetterTests.this.handler.handle(message, conversation)
					: Mono.just(new Reply("Received: " + message.text()));
		}

		@Override
		public RetrySettings retryFor(AgentMessage message, RetrySettings defaults) {
			RetrySettings own = DeadLetterTests.this.retry;
			return (own != null) ? own : defaults;
		}

	};

	@AfterEach
	void stop() {
		if (this.agent != null) {
			this.agent.close();
		}
		this.relay.close();
	}

	private TestAgent start(UnaryOperator<HandlingSettings.Builder> handling) {
		TestAgent started = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((builder) -> handling.apply(builder)), this.recording)
			.start();
		this.agent = started;
		return started;
	}

	@Test
	void personIsToldAndTheMessageIsKeptUntilItCanBeHandled() {
		TestAgent agent = start((handling) -> handling);
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		String id = alice.write("poison");
		awaitAcknowledged(id);
		assertThat(alice.readNew()).containsExactly(SENTENCE);
		assertThat(this.calls).hasSize(3);
		assertThat(agent.client().deadLetters()).singleElement().satisfies((letter) -> {
			assertThat(letter.messageId()).isEqualTo(id);
			assertThat(letter.userId()).isEqualTo("alice");
			assertThat(letter.attempts()).isEqualTo(3);
			assertThat(letter.failure()).isEqualTo("java.lang.IllegalStateException");
		});
		agent.client().retryDeadLetter(id).block();
		await().until(() -> this.calls.size() == 4);
		awaitAcknowledged(alice.write("next"));
		assertThat(agent.client().deadLetters()).as("it failed again").hasSize(1);
		this.handler = (message, conversation) -> Mono.just(new Reply("at last"));
		agent.restart(this.recording);
		agent.client().retryDeadLetter(id).block();
		await().until(() -> agent.client().deadLetters().isEmpty());
		assertThat(alice.readNew()).containsExactly("Received: next", "at last");
	}

	@Test
	void messageWhoseReplyCannotBeSentEndsAsWell() {
		TestAgent agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.connection((connection) -> connection.maxFrameSize(100_000)), this.recording)
			.start();
		this.agent = agent;
		this.handler = (message, conversation) -> Mono.just(new Reply("x".repeat(100_000)));
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		awaitAcknowledged(alice.write("hello"));
		String id = alice.write("poison");
		awaitAcknowledged(id);
		awaitAcknowledged(alice.write("next"));
		assertThat(alice.readNew()).containsExactly("Received: hello", SENTENCE, "Received: next");
		assertThat(this.calls).containsExactly("hello", "poison", "next");
		assertThat(agent.client().deadLetters()).extracting(DeadLetter::messageId).containsExactly(id);
	}

	@Test
	void attemptsAreCountedOverReconnectsAndRestarts() {
		TestAgent agent = start((handling) -> handling.attempts(4).backoff(Duration.ofMillis(300)));
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		String id = alice.write("poison");
		for (int attempts = 1; attempts < 4; attempts++) {
			int before = attempts;
			await().until(() -> agent.store().attempts(id) >= before);
			if (attempts == 2) {
				this.relay.drop();
			}
			else {
				agent.restart(this.recording);
			}
		}
		awaitAcknowledged(id);
		assertThat(this.calls).hasSizeBetween(4, 5);
		this.relay.drop();
		await().until(this.relay::isConnected);
		agent.restart(this.recording);
		awaitAcknowledged(alice.write("next"));
		assertThat(this.calls).filteredOn("poison"::equals).hasSizeBetween(4, 5);
		assertThat(agent.client().deadLetters()).hasSize(1);
	}

	@Test
	void failureThatNoAttemptCanMendEndsAtOnce() {
		start((handling) -> handling.noRetryFor(Set.of(UnsupportedOperationException.class)));
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		this.handler = (message, conversation) -> Mono.error(
				new AttachmentRefusedException(AttachmentRefusedException.Reason.TOO_LARGE, "The file is too large"));
		awaitAcknowledged(alice.write("poison"));
		this.handler = (message, conversation) -> Mono.error(new UnsupportedOperationException());
		awaitAcknowledged(alice.write("poison"));
		assertThat(alice.readNew()).containsExactly("A file of your message is not accepted", SENTENCE);
		assertThat(this.calls).hasSize(2);
	}

	@Test
	void recovererOfTheHandlerDecides() {
		TestAgent agent = start((handling) -> handling);
		this.retry = new RetrySettings(1, Duration.ZERO, Set.of(),
				(message, failure) -> Recovery.discard(new Reply("Sorry, " + message.from())));
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		awaitAcknowledged(alice.write("poison"));
		assertThat(alice.readNew()).containsExactly("Sorry, alice");
		assertThat(this.calls).hasSize(1);
		assertThat(agent.client().deadLetters()).isEmpty();
		this.retry = new RetrySettings(1, Duration.ZERO, Set.of(), (message, failure) -> {
			throw new IllegalStateException();
		});
		awaitAcknowledged(alice.write("poison"));
		assertThat(alice.readNew()).isEmpty();
		assertThat(agent.client().deadLetters()).hasSize(1);
	}

	@Test
	void theyAreBoundedAndCanBeDiscarded() {
		TestAgent agent = start((handling) -> handling.attempts(1).maxDeadLetters(3));
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		List<String> ids = Flux.range(0, 5).map((i) -> alice.write("poison")).collectList().block();
		awaitAcknowledged(ids.toArray(String[]::new));
		assertThat(agent.client().deadLetters()).extracting(DeadLetter::messageId)
			.containsExactlyElementsOf(ids.subList(2, 5));
		agent.client().discardDeadLetter(ids.get(3)).block();
		assertThat(agent.client().deadLetters()).hasSize(2);
		assertThat(agent.store().receipt(ids.get(3)).payload()).isNull();
		StepVerifier.create(agent.client().discardDeadLetter(ids.get(3))).verifyError(IllegalArgumentException.class);
		StepVerifier.create(agent.client().retryDeadLetter("unknown")).verifyError(IllegalArgumentException.class);
	}

	@Test
	void commitOfTheDeadLetterIsTriedAgainWhenTheStoreFails() {
		TestAgent agent = start((handling) -> handling.attempts(1));
		int[] failures = { 3 };
		agent.store()
			.fail((changes) -> changes.stream().anyMatch(Change.MessageDead.class::isInstance) && failures[0]-- > 0);
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		awaitAcknowledged(alice.write("poison"));
		assertThat(alice.readNew()).containsExactly(SENTENCE);
		assertThat(this.calls).as("the handler is not called again").hasSize(1);
	}

	private void awaitAcknowledged(String... ids) {
		await().until(() -> this.relay.acknowledged().containsAll(List.of(ids)));
	}

}
