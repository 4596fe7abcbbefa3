package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A progress that people see while the handler runs.
 */
class LiveProgressTests {

	private static final Progress BUILD = Progress.of("Build", 10, 100).id("build").cancellable();

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final Sinks.Many<Content> work = Sinks.many().replay().all();

	private final AtomicInteger cancelled = new AtomicInteger();

	private volatile AgentMessageHandler handler = (message, conversation) -> this.work.asFlux()
		.doOnCancel(this.cancelled::incrementAndGet);

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start() {
		this.agent = new TestAgent(this.relay, this.root, this::handle);
		this.alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	private Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
		return message.text().equals("build") ? this.handler.handle(message, conversation) : Mono.empty();
	}

	// tag::progress[]
	static Flux<Content> build(AgentMessage message, Conversation conversation) {
		Progress progress = Progress.of("Build", 0, 3).id("build").cancellable();
		return Flux.range(0, 4)
			.delayElements(Duration.ofMillis(150))
			.<Content>map((step) -> progress.value(step).body("Step " + step))
			.concatWithValues(new Reply("Built"));
	}
	// end::progress[]

	@Test
	void firstCreatesTheWidgetLaterOnesChangeWhatDiffers() {
		String id = this.alice.write("build");
		emit(BUILD);
		JsonNode widget = next();
		assertThat(widget.get("type").stringValue()).isEqualTo("widget.standard");
		assertThat(widget.get("id").stringValue()).isEqualTo("build");
		emit(BUILD.value(65).body("Almost done"));
		JsonNode update = next();
		assertThat(update.get("type").stringValue()).isEqualTo("widget.update");
		assertThat(update.get("ref").stringValue()).isEqualTo("build");
		assertThat(update.get("patch").toString()).isEqualTo("{\"spec\":{\"body\":\"Almost done\",\"value\":65}}");
		assertThat(this.relay.acknowledged()).isEmpty();
		emit(new Reply("Built"));
		this.work.tryEmitComplete();
		awaitAcknowledged(id);
		assertThat(this.alice.readNew()).containsExactly("Built");
	}

	@Test
	void handlerOfTheGuideShowsItsStepsInOrderAndTheReplyLast() {
		this.handler = LiveProgressTests::build;
		awaitAcknowledged(this.alice.write("build"));
		List<String> seen = this.alice.readNew();
		assertThat(seen.get(0)).contains("widget.standard", "Step 0");
		// A step between may be left out where the next one is there already.
		assertThat(seen).hasSizeBetween(3, 5).endsWith("Built");
		assertThat(seen.subList(0, seen.size() - 1)).isSortedAccordingTo(Comparator.comparing(LiveProgressTests::step));
		assertThat(seen.get(seen.size() - 2)).contains("Step 3");
	}

	@Test
	void fastProgressIsConflatedAndTheLastOneIsShown() {
		this.handler = (message, conversation) -> Flux.range(0, 1001)
			.map((value) -> Progress.of("Build", value, 2000).id("build"));
		long before = System.nanoTime();
		awaitAcknowledged(this.alice.write("build"));
		long tenths = Duration.ofNanos(System.nanoTime() - before).toMillis() / 100;
		List<String> seen = this.alice.readNew();
		assertThat(seen).as("the first, one in each tenth of a second, and the last")
			.hasSizeBetween(2, 3 + (int) tenths);
		assertThat(seen.get(seen.size() - 1)).contains("1000");
	}

	@Test
	void lastOneIsShownAlsoWhenNoOtherComes() {
		this.alice.write("build");
		emit(BUILD);
		emit(BUILD.value(11));
		emit(BUILD.value(12));
		List<String> seen = new ArrayList<>();
		await().until(() -> {
			seen.addAll(this.alice.readNew());
			return !seen.isEmpty() && seen.get(seen.size() - 1).contains("\"value\":12");
		});
		this.work.tryEmitComplete();
	}

	@Test
	void nothingPilesUpWhileThereIsNoConnection() {
		String id = this.alice.write("build");
		emit(BUILD);
		next();
		this.relay.answerUpgradeWith(503);
		this.relay.drop();
		await().until(() -> this.agent.client().state() != ConnectionState.CONNECTED);
		for (int value = 20; value < 60; value++) {
			emit(BUILD.value(value));
		}
		this.relay.answerUpgradeWith(101);
		this.work.tryEmitComplete();
		awaitAcknowledged(id);
		assertThat(this.alice.readNew()).hasSizeBetween(1, 3).last().asString().contains("\"value\":59");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"cancelled\":true", "\"value\":{\"cancelled\":true}" })
	void cancellationCancelsTheWorkAndIsAcceptedWithTheMessage(String cancellation) {
		String id = this.alice.write("build");
		emit(new Reply("Started"));
		emit(BUILD);
		next();
		String answer = this.alice
			.write("{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"build\"," + cancellation + "}");
		awaitAcknowledged(id, answer);
		assertThat(this.cancelled).hasValue(1);
		assertThat(this.alice.readNew()).containsExactly("Started");
		assertThat(this.agent.store().commits()).anySatisfy(
				(commit) -> assertThat(commit.stream().filter(Change.MessageAccepted.class::isInstance)).hasSize(2));
	}

	// tag::show[]
	static Publisher<? extends Content> importAll(Conversation conversation, List<String> files) {
		Progress progress = Progress.of("Import", 0, files.size()).id("import").cancellable();
		for (int i = 0; i < files.size(); i++) {
			try {
				conversation.show(progress.value(i));
			}
			catch (AnswerCancelledException ex) {
				return Mono.just(new Reply("Stopped after " + i + " files"));
			}
			importOne(files.get(i));
		}
		return Mono.just(new Reply("All files are there"));
	}
	// end::show[]

	private static void importOne(String file) {
		Thread.onSpinWait();
	}

	@Test
	void imperativeCodeShowsItsProgressItself() {
		this.handler = (message, conversation) -> importAll(conversation, List.of("a", "b", "c"));
		awaitAcknowledged(this.alice.write("build"));
		List<String> seen = this.alice.readNew();
		assertThat(seen.get(0)).contains("widget.standard", "\"id\":\"import\"");
		assertThat(seen.subList(1, seen.size() - 1)).hasSizeBetween(1, 2).last().asString().contains("\"value\":2");
		assertThat(seen).endsWith("All files are there");
	}

	@Test
	void cancellationReachesImperativeCodeThatShowsItsProgressItself() {
		this.handler = (message, conversation) -> importAll(conversation, Collections.nCopies(Integer.MAX_VALUE, "a"));
		String id = this.alice.write("build");
		await().until(() -> !this.alice.readNew().isEmpty());
		String answer = this.alice.write("{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,"
				+ "\"ref\":\"import\",\"value\":{\"cancelled\":true}}");
		awaitAcknowledged(id, answer);
		assertThat(this.alice.readNew()).last().asString().startsWith("Stopped after");
	}

	@Test
	void onlyAHandlerShowsProgress() {
		assertThatIllegalStateException().isThrownBy(() -> this.agent.client().conversation("alice", "c-1").show(BUILD))
			.withMessage("Only a running handler shows progress: send it, and updates of it");
	}

	@Test
	void handlerThatIsCalledAgainUpdatesTheSameWidget() {
		AtomicInteger calls = new AtomicInteger();
		this.handler = (message, conversation) -> Flux.concat(Mono.just(Progress.of("Build", 1, 3)),
				(calls.incrementAndGet() < 2) ? Mono.error(new IllegalStateException())
						: Mono.just(new Reply("Built")));
		awaitAcknowledged(this.alice.write("build"));
		List<String> seen = this.alice.readNew();
		assertThat(seen).hasSize(3);
		String widget = TestRelay.JSON.readTree(seen.get(0)).get("id").stringValue();
		assertThat(TestRelay.JSON.readTree(seen.get(1)).get("ref").stringValue()).isEqualTo(widget);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void killedWhileItIsShownNeverShowsASecondOne(int commit) {
		this.agent.store().die(commit, FragileStore.When.AFTER, this.relay::drop);
		String id = this.alice.write("build");
		emit(BUILD);
		emit(BUILD.value(50));
		await().until(() -> this.agent.store().isDead());
		this.agent.restart(this::handle);
		emit(new Reply("Built"));
		this.work.tryEmitComplete();
		awaitAcknowledged(id);
		List<String> seen = this.alice.readNew();
		assertThat(seen).filteredOn((text) -> text.contains("widget.standard")).hasSize(1);
		assertThat(seen).filteredOn("Built"::equals).hasSize(1);
	}

	private static String step(String text) {
		return text.substring(text.indexOf("Step "), text.indexOf("Step ") + 6);
	}

	private void emit(Content content) {
		assertThat(this.work.tryEmitNext(content)).isEqualTo(Sinks.EmitResult.OK);
	}

	private JsonNode next() {
		List<String> texts = new ArrayList<>();
		await().until(() -> {
			texts.addAll(this.alice.readNew());
			return !texts.isEmpty();
		});
		assertThat(texts).hasSize(1);
		return TestRelay.JSON.readTree(texts.get(0));
	}

	private void awaitAcknowledged(String... ids) {
		await().until(() -> this.relay.acknowledged().containsAll(List.of(ids)));
	}

}
