package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.Option;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Question;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A handler that asks and waits for the answer.
 */
class AskTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final Confirm SURE = Confirm.of("Sure?").id("sure");

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private final Map<TestPerson, List<String>> unread = new IdentityHashMap<>();

	private volatile AgentMessageHandler handler = AskTests::askWithoutAThread;

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start() {
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.concurrency(4)), this::handle)
			.start();
		this.alice = person("alice");
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	private TestPerson person(String id) {
		return new TestPerson(this.relay, id, "c-" + id, "phone").startSession();
	}

	private Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
		this.handled
			.add((message.widgetResponse() != null) ? "answer " + message.widgetResponse().ref() : message.text());
		return (message.widgetResponse() == null && message.text().startsWith("ask"))
				? this.handler.handle(message, conversation) : Mono.just(new Reply("Received: " + message.text()));
	}

	// tag::ask[]
	static Publisher<? extends Content> askWithoutAThread(AgentMessage message, Conversation conversation) {
		return conversation.ask(Confirm.of("Sure?").id("sure"))
			.map((yes) -> new Reply(yes ? "You said yes" : "You said no"));
	}
	// end::ask[]

	// tag::ask-and-wait[]
	static Publisher<? extends Content> askOnAThread(AgentMessage message, Conversation conversation) {
		boolean yes = conversation.askAndWait(Confirm.of("Sure?").id("sure"));
		return Mono.just(new Reply(yes ? "You said yes" : "You said no"));
	}
	// end::ask-and-wait[]

	// tag::no-answer[]
	static Publisher<? extends Content> askForAMoment(AgentMessage message, Conversation conversation) {
		return conversation.ask(Confirm.of("Sure?").id("sure"), Duration.ofMillis(100))
			.map((yes) -> new Reply(yes ? "You said yes" : "You said no"))
			.onErrorResume(AnswerCancelledException.class, (ex) -> Mono.just(new Reply("You cancelled")))
			.onErrorResume(NoAnswerException.class, (ex) -> Mono.just(new Reply("Too late")));
	}
	// end::no-answer[]

	enum Way {

		WITHOUT_A_THREAD, ON_A_THREAD;

		AgentMessageHandler handler() {
			return (this == ON_A_THREAD) ? AskTests::askOnAThread : AskTests::askWithoutAThread;
		}

	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void answerReachesTheHandlerThatAsked(Way way) {
		this.handler = way.handler();
		String question = this.alice.write("ask");
		assertThat(JsonPath.of(next(this.alice)).get("id")).isEqualTo("sure");
		assertThat(this.relay.acknowledged()).isEmpty();
		String answer = answer(this.alice, "sure", "true");
		awaitAcknowledged(question, answer);
		assertThat(next(this.alice)).isEqualTo("You said yes");
		assertThat(this.handled).containsExactly("ask");
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void messageAndAnswerAreAcceptedInOneCommit(Way way) {
		this.handler = way.handler();
		String question = this.alice.write("ask");
		next(this.alice);
		String answer = answer(this.alice, "sure", "false");
		awaitAcknowledged(question, answer);
		assertThat(this.agent.store().commits()).anySatisfy((commit) -> {
			assertThat(commit.stream()
				.filter(Change.MessageAccepted.class::isInstance)
				.map((change) -> ((Change.MessageAccepted) change).messageId())).containsExactly(question, answer);
			assertThat(commit).anyMatch(Change.FrameQueued.class::isInstance);
		});
	}

	@Test
	void laterMessagesWaitWhileTheAnswerIsReceived() {
		this.alice.write("ask");
		next(this.alice);
		String early = this.alice.write("one");
		answer(this.alice, "sure", "true");
		String late = this.alice.write("two");
		awaitAcknowledged(early, late);
		assertThat(readAll(this.alice, 3)).containsExactly("You said yes", "Received: one", "Received: two");
		assertThat(this.handled).containsExactly("ask", "one", "two");
	}

	@Test
	void answerThatIsInTheQueueAlreadyIsFound() {
		Sinks.Empty<Void> queued = Sinks.empty();
		this.handler = (message,
				conversation) -> queued.asMono().then(conversation.ask(SURE)).map((yes) -> new Reply("yes " + yes));
		String question = this.alice.write("ask");
		String between = this.alice.write("between");
		String answer = answer(this.alice, "sure", "true");
		// Read after all of these.
		awaitAcknowledged(person("bob").write("later"));
		queued.tryEmitEmpty();
		awaitAcknowledged(question, between, answer);
		// Bob's message has no place in the order of alice's.
		assertThat(this.handled).containsExactlyInAnyOrder("ask", "later", "between")
			.containsSubsequence("ask", "between");
	}

	@Test
	void answerOfAnotherPersonOrConversationIsNotTaken() {
		this.alice.write("ask");
		next(this.alice);
		TestPerson bob = person("bob");
		awaitAcknowledged(answer(bob, "sure", "true"));
		TestPerson elsewhere = new TestPerson(this.relay, "alice", "c-2", "phone").startSession();
		awaitAcknowledged(answer(elsewhere, "sure", "true"));
		assertThat(this.handled).containsExactly("ask");
		assertThat(next(bob)).isEqualTo("There is no such question for you");
		assertThat(next(elsewhere)).isEqualTo("There is no such question for you");
	}

	@Test
	void questionsOfOneHandlerAreAskedOneAfterTheOther() {
		this.handler = (message, conversation) -> conversation.ask(Confirm.of("First?"))
			.flatMap((first) -> conversation.ask(Confirm.of("Second?"))
				.map((second) -> new Reply(first + " " + second)));
		String question = this.alice.write("ask");
		String first = answer(this.alice, idOf(next(this.alice)), "true");
		String second = answer(this.alice, idOf(next(this.alice)), "false");
		awaitAcknowledged(question, first, second);
		assertThat(next(this.alice)).isEqualTo("true false");
	}

	@Test
	void questionsCanBeOpenAtTheSameTime() {
		this.handler = (message, conversation) -> Mono
			.zip(conversation.ask(Confirm.of("A?").id("a")), conversation.ask(Confirm.of("B?").id("b")))
			.map((both) -> new Reply(both.getT1() + " " + both.getT2()));
		String question = this.alice.write("ask");
		readAll(this.alice, 2);
		String b = answer(this.alice, "b", "false");
		String a = answer(this.alice, "a", "true");
		awaitAcknowledged(question, a, b);
		assertThat(next(this.alice)).isEqualTo("true false");
	}

	@Test
	void secondQuestionWithTheSameIdIsAnError() {
		this.handler = (message, conversation) -> conversation.ask(SURE)
			.then(conversation.ask(SURE))
			.map((yes) -> new Reply("never"))
			.onErrorResume(IllegalStateException.class, (ex) -> Mono.just(new Reply(ex.getMessage())));
		this.alice.write("ask");
		next(this.alice);
		answer(this.alice, "sure", "true");
		assertThat(next(this.alice)).startsWith("Widget 'sure' was asked by this handler already");
	}

	@Test
	void cancelledExpiredAndTimedOutAreThreeThings() {
		this.handler = (message, conversation) -> {
			Confirm question = message.text().endsWith("expiring") ? SURE.expiresAt(Instant.now().plusMillis(150))
					: SURE;
			Duration timeout = message.text().endsWith("briefly") ? Duration.ofMillis(150) : TIMEOUT;
			return conversation.ask(question, timeout)
				.map((yes) -> new Reply("answered"))
				.onErrorResume(NoAnswerException.class,
						(ex) -> Mono.just(new Reply(ex.getClass().getSimpleName() + " " + ex.widgetId())));
		};
		this.alice.write("ask expiring");
		assertThat(readAll(this.alice, 2).get(1)).isEqualTo("AnswerExpiredException sure");
		this.alice.write("ask briefly");
		assertThat(readAll(this.alice, 2).get(1)).isEqualTo("AnswerTimeoutException sure");
		awaitAcknowledged(answer(this.alice, "sure", "true"));
		assertThat(this.handled).endsWith("answer sure");
		next(this.alice);
		this.alice.write("ask");
		next(this.alice);
		this.alice.write("{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"sure\",\"cancelled\":true}");
		assertThat(next(this.alice)).isEqualTo("AnswerCancelledException sure");
	}

	@Test
	void handlerOfTheGuideGivesUpAfterItsTime() {
		this.handler = AskTests::askForAMoment;
		this.alice.write("ask");
		assertThat(readAll(this.alice, 2).get(1)).isEqualTo("Too late");
	}

	@Test
	void answerThatDoesNotFitIsAskedForAgain() {
		this.handler = (message, conversation) -> conversation
			.ask(Choice.of("Which?").id("format").option("pdf", "PDF"))
			.map(Reply::new);
		String question = this.alice.write("ask");
		next(this.alice);
		String wrong = answer(this.alice, "format", "\"exe\"");
		JsonPath again = JsonPath.of(next(this.alice));
		assertThat(again.get("id")).isEqualTo("format-2");
		assertThat(again.node().path("spec").path("body").stringValue("")).isNotEmpty();
		String right = answer(this.alice, "format-2", "\"pdf\"");
		awaitAcknowledged(question, wrong, right);
		assertThat(next(this.alice)).isEqualTo("pdf");
	}

	@Test
	void questionSaysWhatToAskAfterAnAnswerThatDoesNotFitAlsoAfterARestart() {
		this.handler = (message, conversation) -> conversation
			.ask(new Narrowing(Choice.of("Which?").id("format").option("pdf", "PDF")))
			.map(Reply::new);
		String question = this.alice.write("ask");
		next(this.alice);
		String wrong = answer(this.alice, "format", "\"exe\"");
		assertThat(next(this.alice)).contains("format-2", "not exe");
		this.agent.restart(this::handle);
		String right = answer(this.alice, "format-2", "\"not exe\"");
		awaitAcknowledged(question, wrong, right);
		assertThat(next(this.alice)).isEqualTo("not exe");
	}

	/**
	 * Offers something else after each answer.
	 */
	private record Narrowing(Choice widget) implements Question<String> {

		@Override
		public String read(AgentMessage answer) {
			return this.widget.read(answer);
		}

		@Override
		public Question<String> askAgain(AgentMessage answer, InvalidAnswerException failure) {
			WidgetResponse response = Objects.requireNonNull(answer.widgetResponse());
			String other = "not " + response.value();
			return new Narrowing(this.widget.options(List.of(new Option(other, other))));
		}

	}

	@Test
	void whatHasNoSingleAnswerIsNotAsked() {
		Conversation conversation = this.agent.client().conversation("alice", "c-alice");
		StepVerifier.create(conversation.ask(SURE.responseMode(ResponseMode.COLLECTIVE)))
			.verifyErrorMatches((ex) -> ex.getMessage().startsWith("A collective widget has many answers"));
		StepVerifier.create(conversation.ask(Progress.of("Build", 1, 2)))
			.verifyErrorMatches((ex) -> ex.getMessage().startsWith("A progress has no answer"));
		StepVerifier.create(this.agent.client().conversation("group:g", "g").ask(SURE))
			.verifyErrorMatches((ex) -> ex.getMessage().startsWith("There is no one person to ask in a group"));
	}

	@Test
	void blockingIsRefusedOnAThreadThatMustNotBlock() {
		Conversation conversation = this.agent.client().conversation("alice", "c-alice");
		StepVerifier
			.create(Mono
				.fromRunnable(() -> assertThatIllegalStateException().isThrownBy(() -> conversation.askAndWait(SURE))
					.withMessageContaining("must not wait"))
				.subscribeOn(Schedulers.parallel()))
			.verifyComplete();
	}

	@Test
	void applicationAsksAtAnyTime() {
		awaitAcknowledged(this.alice.write("hello"));
		next(this.alice);
		Mono<Boolean> asked = this.agent.client().conversation("alice", "c-alice").ask(SURE).cache();
		asked.subscribe();
		next(this.alice);
		String answer = answer(this.alice, "sure", "true");
		assertThat(asked.block(TIMEOUT)).isTrue();
		awaitAcknowledged(answer);
		assertThat(this.handled).containsExactly("hello");
	}

	@Test
	void handlersThatBlockForTheAnswerOfOnePersonDoNotKeepThatAnswerOut() {
		TestPerson boss = person("boss");
		awaitAcknowledged(boss.write("hello"));
		next(boss);
		this.handler = (message, conversation) -> {
			boolean yes = this.agent.client()
				.conversation("boss", "c-boss")
				.askAndWait(Confirm.of("Sure?").id("for-" + message.from()));
			return Mono.just(new Reply("boss said " + yes));
		};
		List<TestPerson> people = people(4);
		people.forEach((person) -> person.write("ask"));
		List<String> questions = readAll(boss, 4);
		boss.write("I am thinking");
		questions.forEach((question) -> answer(boss, idOf(question), "true"));
		people.forEach((person) -> assertThat(next(person)).isEqualTo("boss said true"));
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void twoHundredPeopleAreAskedAtOnceByFourHandlers(Way way) {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		this.handler = (message, conversation) -> Flux.from(way.handler().handle(message, conversation))
			.doOnNext((reply) -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				Thread.yield();
				running.decrementAndGet();
			});
		List<TestPerson> people = people(200);
		List<String> ids = new ArrayList<>();
		people.forEach((person) -> ids.add(person.write("ask")));
		await().atMost(TIMEOUT).until(() -> this.relay.messages().size() == 200);
		for (int i = 0; i < people.size(); i++) {
			next(people.get(i));
			ids.add(answer(people.get(i), "sure", Boolean.toString(i % 2 == 0)));
		}
		await().atMost(TIMEOUT).until(() -> this.relay.acknowledged().containsAll(ids));
		for (int i = 0; i < people.size(); i++) {
			assertThat(next(people.get(i))).isEqualTo((i % 2 == 0) ? "You said yes" : "You said no");
		}
		assertThat(most.get()).isBetween(1, 4);
	}

	@Test
	void openQuestionsDoNotStopTheReading() {
		this.agent.close();
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.concurrency(2).queueCapacity(2)), this::handle)
			.start();
		List<TestPerson> people = people(20);
		people.forEach((person) -> person.write("ask"));
		people.forEach((person) -> {
			next(person);
			person.write("and");
		});
		List<String> answers = people.stream().map((person) -> answer(person, "sure", "true")).toList();
		awaitAcknowledged(answers.toArray(String[]::new));
		people.forEach((person) -> assertThat(readAll(person, 2)).containsExactly("You said yes", "Received: and"));
	}

	@Test
	void lostConnectionAndRedeliveryChangeNothing() {
		String question = this.alice.write("ask");
		next(this.alice);
		this.relay.drop();
		await().until(() -> this.relay.connections() == 2 && this.relay.isConnected());
		String answer = answer(this.alice, "sure", "true");
		this.relay.drop();
		// Acknowledgements are written after the replies.
		awaitAcknowledged(question, answer);
		assertThat(this.alice.readNew()).containsExactly("You said yes");
		assertThat(this.handled).containsExactly("ask");
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void stoppedWhileWaitingAsksOnceAndAcceptsNothing(Way way) {
		this.handler = way.handler();
		String question = this.alice.write("ask");
		next(this.alice);
		this.agent.client().stop(Duration.ofHours(1)).block(TIMEOUT);
		this.agent.restart(this::handle);
		assertThat(this.relay.acknowledged()).isEmpty();
		await().until(() -> this.handled.size() == 2);
		String answer = answer(this.alice, "sure", "true");
		awaitAcknowledged(question, answer);
		assertThat(this.alice.readNew()).containsExactly("You said yes");
		assertThat(this.agent.events(GatewayEvent.HandlingFailed.class)).isEmpty();
	}

	@Test
	void answersThatWereGivenCountWhenTheHandlerIsCalledAgain() {
		AtomicInteger calls = new AtomicInteger();
		this.handler = (message, conversation) -> conversation.ask(Confirm.of("Sure?")).map((yes) -> {
			if (calls.incrementAndGet() < 3) {
				throw new IllegalStateException("not yet");
			}
			return new Reply("yes " + yes);
		});
		String question = this.alice.write("ask");
		String answer = answer(this.alice, idOf(next(this.alice)), "true");
		awaitAcknowledged(question, answer);
		assertThat(this.alice.readNew()).containsExactly("yes true");
		assertThat(calls).hasValue(3);
	}

	@Test
	void messageThatNeedsTheRelayKeepsItsAnswer() {
		this.handler = (message, conversation) -> conversation.ask(SURE)
			.flatMap((yes) -> Mono.error(new FileTransferException("no relay", null)));
		String question = this.alice.write("ask");
		next(this.alice);
		String answer = answer(this.alice, "sure", "true");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		assertThat(this.relay.acknowledged()).isEmpty();
		this.handler = AskTests::askWithoutAThread;
		this.relay.drop();
		awaitAcknowledged(question, answer);
		assertThat(next(this.alice)).isEqualTo("You said yes");
		assertThat(this.alice.readNew()).isEmpty();
	}

	static Stream<Arguments> deaths() {
		return IntStream.rangeClosed(1, 5)
			.boxed()
			.flatMap((commit) -> Stream.of(FragileStore.When.values())
				.flatMap((when) -> Stream.of(Way.values()).map((way) -> arguments(when, commit, way))));
	}

	@ParameterizedTest(name = "killed {0} commit {1}, {2}")
	@MethodSource("deaths")
	void killedAtAnyCommitAsksOnceAndAnswersOnce(FragileStore.When when, int commit, Way way) {
		this.handler = way.handler();
		this.agent.store().die(commit, when, this.relay::drop);
		String question = this.alice.write("ask");
		if (commit > 2) {
			assertThat(idOf(next(this.alice))).isEqualTo("sure");
		}
		else {
			await().until(() -> this.agent.store().isDead());
			this.agent.restart(this::handle);
			assertThat(idOf(next(this.alice))).isEqualTo("sure");
		}
		String answer = answer(this.alice, "sure", "true");
		if (commit > 2) {
			await().until(() -> this.agent.store().isDead() || this.relay.acknowledged().contains(answer));
			this.agent.restart(this::handle);
		}
		// Acknowledgements are written after the replies.
		awaitAcknowledged(question, answer);
		assertThat(this.alice.readNew()).containsExactly("You said yes");
		assertThat(this.handled).containsOnly("ask");
		assertThat(this.agent.store().issuedWidgets("c-alice", "sure", "alice")).singleElement()
			.satisfies((widget) -> assertThat(widget.answeredBy()).isEqualTo(answer));
	}

	@Test
	void replayedAnswerCountsAfterTheQuestionHasExpired() {
		this.handler = (message, conversation) -> conversation.ask(SURE.expiresAt(Instant.now().plusSeconds(1)))
			.map((yes) -> new Reply("yes " + yes));
		this.agent.store().fail((changes) -> changes.stream().anyMatch(Change.MessageAccepted.class::isInstance));
		String question = this.alice.write("ask");
		next(this.alice);
		String answer = answer(this.alice, "sure", "true");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		Instant expired = Instant.now().plusSeconds(1);
		await().until(() -> Instant.now().isAfter(expired));
		this.agent.restart(this::handle);
		awaitAcknowledged(question, answer);
		assertThat(this.alice.readNew()).containsExactly("yes true");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void timeLimitInterruptsOrCancelsAHandlerAndCountsAsAFailure(boolean blocking) {
		restartWithTimeLimit(Duration.ofMillis(200));
		List<String> ends = new CopyOnWriteArrayList<>();
		this.handler = (message, conversation) -> blocking ? Mono.fromCallable(() -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				ends.add("interrupted");
				throw ex;
			}
			return new Reply("never");
		}) : Mono.<Content>never().doOnCancel(() -> ends.add("cancelled"));
		this.alice.write("ask");
		String next = this.alice.write("next");
		awaitAcknowledged(next);
		assertThat(ends).hasSize(3).containsOnly(blocking ? "interrupted" : "cancelled");
		await().until(() -> this.agent.events(GatewayEvent.HandlingFailed.class).size() == 1);
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void timeLimitIsPausedWhileAPersonThinks(Way way) {
		restartWithTimeLimit(Duration.ofSeconds(2));
		this.handler = way.handler();
		String question = this.alice.write("ask");
		next(this.alice);
		Instant late = Instant.now().plusSeconds(3);
		await().until(() -> Instant.now().isAfter(late));
		awaitAcknowledged(answer(this.alice, "sure", "true"), question);
		assertThat(next(this.alice)).isEqualTo("You said yes");
		assertThat(this.handled).containsExactly("ask");
	}

	private void restartWithTimeLimit(Duration limit) {
		this.agent.close();
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.timeout(limit)), this::handle)
			.start();
		this.agent.events().clear();
	}

	private List<TestPerson> people(int number) {
		return IntStream.range(0, number).mapToObj((i) -> person("person-" + i)).toList();
	}

	private String next(TestPerson person) {
		return readAll(person, 1).get(0);
	}

	private List<String> readAll(TestPerson person, int number) {
		List<String> texts = this.unread.computeIfAbsent(person, (key) -> new ArrayList<>());
		await().atMost(TIMEOUT).pollDelay(Duration.ZERO).until(() -> {
			texts.addAll((texts.size() < number) ? person.readNew() : List.of());
			return texts.size() >= number;
		});
		List<String> first = List.copyOf(texts.subList(0, number));
		texts.subList(0, number).clear();
		return first;
	}

	private void awaitAcknowledged(String... ids) {
		await().atMost(TIMEOUT).until(() -> this.relay.acknowledged().containsAll(List.of(ids)));
	}

	private static String idOf(String payload) {
		return JsonPath.of(payload).get("id");
	}

	private static String answer(TestPerson person, String ref, String value) {
		return person.write(
				"{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"" + ref + "\",\"value\":" + value + "}");
	}

	private record JsonPath(JsonNode node) {

		static JsonPath of(String json) {
			return new JsonPath(TestRelay.JSON.readTree(json));
		}

		String get(String name) {
			return this.node.get(name).stringValue();
		}

	}

}
