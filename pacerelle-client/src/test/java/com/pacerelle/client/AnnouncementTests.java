package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;

import com.pacerelle.client.message.Reply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An agent that writes first: to everybody whom it can write to.
 */
class AnnouncementTests {

	private final TestRelay relay = new TestRelay();

	private TestAgent agent;

	private AgentGatewayClient client;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root,
				(message, conversation) -> Mono.just(new Reply("Received: " + message.text())));
		this.client = this.agent.client();
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	// tag::announce[]
	Flux<SentMessage> announce(String text) {
		return this.client.conversations().concatMap((conversation) -> conversation.sendMessage(text));
	}
	// end::announce[]

	@Test
	void knownConversationsAreKeptAndCanBeListedForAnnouncements() {
		TestPerson phone = person("alice", "phone");
		awaitAcknowledged(phone.write("Hello"));
		awaitAcknowledged(person("alice", "laptop").write("Me again"));
		awaitAcknowledged(person("bob", null).write("Hello"));
		TestGroup group = new TestGroup(this.relay, "team");
		group.distribute(new TestPerson(this.relay, "carol", "team", "phone").startSession());
		awaitAcknowledged(group.write("carol", "Hello, all"));

		assertThat(this.client.conversations().map(Conversation::to).collectList().block()).containsExactly("alice",
				"bob", "group:team");

		this.agent.restart((message, conversation) -> Mono.empty());
		this.client = this.agent.client();
		assertThat(announce("Closed tomorrow").map(SentMessage::conversationId).collectList().block())
			.containsExactly("c-alice", "c-bob", "team");
		await()
			.untilAsserted(() -> assertThat(this.relay.messages()).extracting((frame) -> frame.get("to").stringValue())
				.endsWith("alice", "bob", "group:team"));
	}

	@Test
	void refusedPeopleAreNotListed() {
		TestPerson alice = person("alice", "phone");
		awaitAcknowledged(alice.write("Hello"));
		this.client.refuseDevice("alice", alice.verificationCode()).block();
		StepVerifier.create(this.client.conversations()).verifyComplete();
		this.client.trustDevice("alice", alice.verificationCode()).block();
		StepVerifier.create(this.client.conversations().map(Conversation::id)).expectNext("c-alice").verifyComplete();
	}

	@Test
	void writingToAStrangerIsAnErrorInWords() {
		StepVerifier.create(this.client.conversation("nobody", "c-1").sendMessage("Hello"))
			.expectErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(UnknownRecipientException.class)
				.hasMessageContaining("nobody has not written to this agent in the conversation c-1")
				.hasMessageContaining("wait for the first message")
				.hasMessageContaining("AgentGatewayClient.conversations()"))
			.verify(Duration.ofSeconds(30));
	}

	private TestPerson person(String userId, @Nullable String deviceId) {
		return new TestPerson(this.relay, userId, "c-" + userId, deviceId).startSession();
	}

	private void awaitAcknowledged(String id) {
		await().until(() -> this.relay.acknowledged().contains(id));
	}

}
