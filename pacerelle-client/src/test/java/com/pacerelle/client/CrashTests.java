package com.pacerelle.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A process that is killed at any commit neither loses nor doubles a reply.
 */
class CrashTests {

	private static final AgentMessageHandler ECHO = (message, conversation) -> Mono
		.just(new Reply("Received: " + message.text()));

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private TestAgent agent;

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	static Stream<Arguments> deaths() {
		return Stream.of(1, 2, 3)
			.flatMap((commit) -> Stream.of(FragileStore.When.values()).map((when) -> arguments(when, commit)));
	}

	@ParameterizedTest(name = "killed {0} commit {1}")
	@MethodSource("deaths")
	void killedAtAnyCommitAnswersOnce(FragileStore.When when, int commit) {
		this.agent = new TestAgent(this.relay, this.root, ECHO);
		TestPerson alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		this.agent.store().die(commit, when, this.relay::drop);
		String id = alice.write("hello");
		await().until(() -> this.agent.store().isDead());
		this.agent.restart(ECHO);
		await().until(() -> this.relay.acknowledged().contains(id));
		await().until(() -> this.agent.store().undelivered(0, 1).isEmpty());
		assertThat(replyIds(id)).hasSize(1);
		assertThat(alice.readNew()).containsExactly("Received: hello");
		String next = alice.write("still there?");
		await().until(() -> this.relay.acknowledged().contains(next));
		assertThat(alice.readNew()).containsExactly("Received: still there?");
	}

	@RepeatedTest(3)
	void killedUnderLoadAgainAndAgainAnswersEachMessageOnceInOrder() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		this.agent = new TestAgent(this.relay, this.root, ECHO);
		List<TestPerson> people = new ArrayList<>();
		List<List<String>> texts = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			people.add(new TestPerson(this.relay, "person-" + i, "c-" + i, "phone").startSession());
			texts.add(new ArrayList<>());
		}
		for (int round = 0; round < 6; round++) {
			this.agent.store()
				.die(1 + random.nextInt(40), FragileStore.When.values()[random.nextInt(2)], this.relay::drop);
			for (int i = 0; i < 50; i++) {
				int person = random.nextInt(people.size());
				String text = "round " + round + " text " + i;
				ids.add(people.get(person).write(text));
				texts.get(person).add("Received: " + text);
			}
			await().alias("seed " + seed).until(() -> this.agent.store().isDead());
			this.agent.restart(ECHO);
		}
		await().alias("seed " + seed).until(() -> this.relay.acknowledged().containsAll(ids));
		await().until(() -> this.agent.store().undelivered(0, 1).isEmpty());
		assertThat(ids).as("seed %d", seed).allSatisfy((id) -> assertThat(replyIds(id)).hasSize(1));
		for (int i = 0; i < people.size(); i++) {
			assertThat(people.get(i).readNew()).as("seed %d", seed).isEqualTo(texts.get(i));
		}
	}

	@Test
	void killedRightAfterThePublicationReadsMessagesThatWereQueuedMeanwhile() {
		this.agent = new TestAgent(this.relay, this.root, (settings) -> settings, ECHO);
		// The first commit after a publication is its record.
		this.relay.onPublish(() -> this.agent.store().die(2, FragileStore.When.BEFORE, this.relay::drop));
		this.agent.start();
		String id = new TestPerson(this.relay, "alice", "c-1", "phone").startSession().write("early");
		await().until(() -> this.agent.store().isDead());
		this.relay.onPublish(() -> {
		});
		this.agent.restart(ECHO);
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	@Test
	void killedBeforeThePublicationIsRecordedPublishesAgain() {
		this.agent = new TestAgent(this.relay, this.root, (settings) -> settings, ECHO);
		this.relay.onPublish(() -> this.agent.store().die(1, FragileStore.When.BEFORE, () -> {
		}));
		this.agent.client().start();
		await().until(() -> this.agent.store().isDead());
		this.relay.onPublish(() -> {
		});
		this.agent.restart(ECHO);
		assertThat(this.relay.publishedOneTimePreKeys()).hasSize(50);
		String id = new TestPerson(this.relay, "alice", "c-1", "phone").startSession().write("hello");
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	@Test
	void killedBeforeThePublicationPublishesTheSamePreKeysLater() {
		this.agent = new TestAgent(this.relay, this.root, (settings) -> settings, ECHO);
		this.agent.store().die(1, FragileStore.When.AFTER, () -> {
		});
		this.agent.client().start();
		await().until(() -> this.agent.store().isDead());
		assertThat(this.relay.bundles()).isEmpty();
		this.agent.restart(ECHO);
		String id = new TestPerson(this.relay, "alice", "c-1", "phone").startSession().write("hello");
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	private Set<String> replyIds(String messageId) {
		Set<String> ids = new HashSet<>();
		for (JsonNode frame : this.relay.messages()) {
			if (frame.path("reply_to_message_id").stringValue("").equals(messageId)) {
				ids.add(frame.get("id").stringValue());
			}
		}
		return ids;
	}

}
