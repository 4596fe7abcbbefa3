package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Nobody waits because somebody else writes much, or much at once.
 */
class FairnessTests {

	private static final int FLOOD = 200;

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final CountDownLatch released = new CountDownLatch(1);

	private final AtomicInteger pulled = new AtomicInteger();

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start() {
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.concurrency(4).queueCapacity(8)), this::handle)
			.start();
		this.alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
	}

	@AfterEach
	void stop() {
		this.released.countDown();
		this.agent.close();
		this.relay.close();
	}

	private Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
		this.handled.add(message.text());
		return switch (message.text()) {
			case "slow" -> Mono.fromCallable(() -> {
				this.released.await();
				return new Reply("done");
			});
			case "endless" -> Flux.generate((replies) -> {
				this.pulled.incrementAndGet();
				replies.next(new Reply("more"));
			});
			case "work" ->
				Flux.interval(Duration.ofNanos(100_000)).take(5000).map((value) -> Progress.of("Work", value, 4999));
			default -> Mono.just(new Reply("Received: " + message.text()));
		};
	}

	@Test
	void floodOfOnePersonKeepsNobodyElseWaitingAndIsHandledInOrder() {
		this.alice.write("slow");
		List<String> flood = flood();
		for (int i = 0; i < 10; i++) {
			TestPerson other = new TestPerson(this.relay, "person-" + i, "c-of-" + i, "phone").startSession();
			String id = other.write("hello");
			await().until(() -> this.relay.acknowledged().contains(id));
			assertThat(other.readNew()).containsExactly("Received: hello");
		}
		assertThat(this.handled).filteredOn((text) -> text.startsWith("flood")).isEmpty();
		assertThat(this.relay.connections()).isOne();
		this.released.countDown();
		await().until(() -> this.relay.acknowledged().containsAll(flood));
		assertThat(this.handled).filteredOn((text) -> text.startsWith("flood")).isEqualTo(texts());
		assertThat(this.alice.readNew()).hasSize(FLOOD + 1);
	}

	@Test
	void messagesThatWaitAreStoredAndRecognisedWhenTheyComeAgain() {
		this.alice.write("slow");
		List<String> flood = flood();
		await().until(() -> flood.stream().filter(this::isPending).count() > FLOOD / 2);
		this.relay.drop();
		await().until(() -> this.relay.connections() == 2 && this.relay.isConnected());
		this.relay.drop();
		await().until(() -> this.relay.connections() == 3 && this.relay.isConnected());
		this.released.countDown();
		await().until(() -> this.relay.acknowledged().containsAll(flood));
		assertThat(this.handled).containsExactlyElementsOf(
				Flux.concat(Mono.just("slow"), Flux.fromIterable(texts())).collectList().block());
		assertThat(this.alice.readNew()).hasSize(FLOOD + 1);
	}

	@Test
	void messagesThatWaitedInTheStoreAreHandledOnceAfterARestart() {
		this.alice.write("slow");
		List<String> flood = flood();
		await().until(() -> flood.stream().filter(this::isPending).count() > FLOOD / 2);
		this.released.countDown();
		this.agent.restart(this::handle);
		await().until(() -> this.relay.acknowledged().containsAll(flood));
		assertThat(this.handled).filteredOn((text) -> text.startsWith("flood")).doesNotHaveDuplicates().hasSize(FLOOD);
	}

	@Test
	void personWithManyConversationsLeavesPlacesToOthers() {
		for (int i = 0; i < 8; i++) {
			new TestPerson(this.relay, "greedy", "c-" + (10 + i), "phone").startSession().write("slow");
		}
		await().until(() -> this.handled.size() == 3);
		String id = this.alice.write("hello");
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	@Test
	void largeFramesKeepTheirOrder() {
		List<String> ids = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			ids.add(this.alice.write(i + ((i % 2 == 0) ? "x".repeat(300_000) : "")));
		}
		await().until(() -> this.relay.acknowledged().containsAll(ids));
		assertThat(this.handled).extracting((text) -> text.charAt(0)).containsExactly('0', '1', '2', '3', '4', '5');
	}

	@Test
	void repliesWithoutEndArePulledUpToALimit() {
		this.alice.write("endless");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		assertThat(this.pulled.get()).isLessThan(3 * 1100);
	}

	@Test
	void progressThatComesFasterThanItIsShownIsConflated() {
		String id = this.alice.write("work");
		await().until(() -> this.relay.acknowledged().contains(id));
		List<String> seen = this.alice.readNew();
		assertThat(seen).hasSizeLessThan(1000);
		assertThat(seen.get(seen.size() - 1)).contains("4999");
	}

	private List<String> flood() {
		return texts().stream().map(this.alice::write).toList();
	}

	private static List<String> texts() {
		return IntStream.range(0, FLOOD).mapToObj((i) -> "flood " + i).toList();
	}

	private boolean isPending(String id) {
		Receipt receipt = this.agent.store().receipt(id);
		return receipt != null && receipt.state() == Receipt.State.PENDING;
	}

}
