package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.GatewayEvent.AnswerRefused;
import com.pacerelle.client.GatewayEvent.AnswerRefused.Reason;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import com.pacerelle.client.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Only who was asked answers, where they were asked, with an identity that was known
 * then, in time, and once (gateway.md section 11). Any other answer ends before a
 * handler.
 */
class BoundAnswersTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Confirm SURE = Confirm.of("Sure?").id("sure");

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final List<AgentMessage> answers = new CopyOnWriteArrayList<>();

	private volatile AgentMessageHandler handler = (message, conversation) -> Mono.empty();

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start() {
		this.agent = new TestAgent(this.relay, this.root, this::handle);
		this.alice = person("alice", "c-1", "phone");
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	private Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
		if (message.widgetResponse() != null) {
			this.answers.add(message);
		}
		return this.handler.handle(message, conversation);
	}

	private TestPerson person(String userId, String conversationId, String deviceId) {
		TestPerson person = new TestPerson(this.relay, userId, conversationId, deviceId).startSession();
		awaitAcknowledged(person.write("Hello"));
		return person;
	}

	@Test
	void answerToAWidgetThatWasNeverSentIsRefused() {
		refused(this.alice, answer(this.alice, "sure"), "There is no such question for you", Reason.NOT_ASKED);
	}

	@Test
	void answerOfSomebodyElseIsRefusedAndTheQuestionStaysOpen() {
		TestPerson mallory = person("mallory", "c-1", "phone");
		send(SURE);
		refused(mallory, answer(mallory, "sure"), "There is no such question for you", Reason.NOT_ASKED);
		taken(answer(this.alice, "sure"));
	}

	@Test
	void answerInAnotherConversationIsRefused() {
		TestPerson elsewhere = person("alice", "c-2", "phone");
		send(SURE);
		refused(elsewhere, answer(elsewhere, "sure"), "There is no such question for you", Reason.NOT_ASKED);
	}

	@Test
	void secondAnswerIsRefused() {
		send(SURE);
		taken(answer(this.alice, "sure"));
		refused(this.alice, answer(this.alice, "sure"), "This question was answered already", Reason.ANSWERED);
	}

	@Test
	void questionThatIsSentAgainIsAnsweredAgain() {
		send(SURE);
		taken(answer(this.alice, "sure"));
		send(SURE);
		taken(answer(this.alice, "sure"));
	}

	@Test
	void answerAfterTheExpiryIsRefused() {
		send(SURE.expiresAt(Instant.now().minusMillis(1)));
		refused(this.alice, answer(this.alice, "sure"), "This question has expired", Reason.EXPIRED);
	}

	@Test
	void updateMovesTheExpiry() {
		send(SURE.expiresAt(Instant.now().minusMillis(1)));
		send(WidgetUpdate.of("sure").expiresAt(Instant.now().plusSeconds(60)));
		taken(answer(this.alice, "sure"));
	}

	@Test
	void answerOfADeviceThatIsNewSinceTheQuestionIsRefused() {
		send(SURE);
		TestPerson invented = new TestPerson(this.relay, "alice", "c-1", "invented").startSession();
		refused(invented, answer(invented, "sure"), "This device was not known when the question was asked",
				Reason.NEW_IDENTITY);
		refused(invented, answer(invented, "sure"), "This device was not known when the question was asked",
				Reason.NEW_IDENTITY);
		taken(answer(this.alice, "sure"));
	}

	@Test
	void answerOfAnotherKnownDeviceOfThePersonCounts() {
		TestPerson laptop = person("alice", "c-1", "laptop");
		send(SURE);
		taken(answer(laptop, "sure"));
	}

	@Test
	void answerThatComesAgainAfterACrashIsNoSecondAnswer() {
		send(SURE.expiresAt(Instant.now().plusSeconds(1)).data(Map.of("version", "1.0")));
		this.agent.store().fail((changes) -> changes.stream().anyMatch(Change.MessageAccepted.class::isInstance));
		String answer = answer(this.alice, SURE.data(Map.of("version", "1.0")).id());
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		Instant expired = Instant.now().plusSeconds(1);
		await().until(() -> Instant.now().isAfter(expired));
		this.agent.restart(this::handle);
		awaitAcknowledged(answer);
		assertThat(this.answers).extracting(AgentMessage::widgetResponse)
			.extracting(WidgetResponse::data)
			.containsOnly("{\"version\":\"1.0\"}");
		assertThat(this.agent.events(AnswerRefused.class)).isEmpty();
	}

	@Test
	void answerThatWasRefusedBeforeACrashIsRefusedAfterIt() {
		this.agent.store().fail((changes) -> changes.stream().anyMatch(Change.MessageAccepted.class::isInstance));
		String answer = answer(this.alice, "sure");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		this.agent.store().fail((changes) -> false);
		send(SURE);
		this.agent.restart(this::handle);
		refused(this.alice, answer, "There is no such question for you", Reason.NOT_ASKED);
		taken(answer(this.alice, "sure"));
	}

	@Test
	void questionKeepsItsAnswererOverARestart() {
		send(SURE);
		this.agent.restart(this::handle);
		TestPerson mallory = person("mallory", "c-1", "phone");
		refused(mallory, answer(mallory, "sure"), "There is no such question for you", Reason.NOT_ASKED);
		taken(answer(this.alice, "sure"));
	}

	@Test
	void dataOfTheQuestionComesBackWithTheAnswerAndIsNotSent() {
		Widget<Boolean> question = SURE.data(new Deployment("1.0; rm -rf", 3));
		send(question);
		await().untilAsserted(() -> assertThat(this.alice.readNew()).singleElement()
			.satisfies((widget) -> assertThat(widget).contains("\"" + question.id() + "\"").doesNotContain("rm -rf")));
		taken(answer(this.alice, question.id()));
		WidgetResponse response = this.answers.get(0).widgetResponse();
		assertThat(response.data()).isEqualTo("{\"version\":\"1.0; rm -rf\",\"replicas\":3}");
		assertThat(response.name()).isEqualTo("sure");
	}

	@Test
	void dataInAnAnswerIsNotBelieved() {
		send(SURE);
		String id = this.alice
			.write("{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"sure\",\"value\":true,"
					+ "\"data\":\"{}\"}");
		taken(id);
		assertThat(this.answers.get(0).widgetResponse().data()).isNull();
	}

	@Test
	void questionsAboutDifferentDataAreAnsweredEach() {
		send(SURE.data(new Deployment("1.0", 1)));
		send(SURE.data(new Deployment("2.0", 1)));
		taken(answer(this.alice, SURE.data(new Deployment("1.0", 1)).id()));
		assertThat(this.answers.get(0).widgetResponse().data()).contains("1.0");
	}

	@Test
	void laterDenialOfAPermissionReachesItsPolicyButNoLaterPermission() {
		TestPerson mallory = person("mallory", "c-1", "phone");
		send(Permission.of("Read it?").id("read"));
		taken(answer(this.alice, "read", "{\"granted\":true,\"scope\":\"session\"}"));
		taken(answer(this.alice, "read", "{\"granted\":false}"));
		refused(mallory, answer(mallory, "read", "{\"granted\":false}"), "There is no such question for you",
				Reason.NOT_ASKED);
		send(Permission.of("Read it?").id("late").expiresAt(Instant.now().minusMillis(1)));
		refused(this.alice, answer(this.alice, "late", "{\"granted\":true,\"scope\":\"once\"}"),
				"This question has expired", Reason.EXPIRED);
	}

	@Test
	void inAGroupTheSenderOfTheMessageIsAskedAndAllVoteUntilTheEnd() {
		TestGroup group = new TestGroup(this.relay, "g-1");
		group.distribute(new TestPerson(this.relay, "alice", "g-1", "phone").startSession());
		this.handler = (message, conversation) -> message.text().equals("ask") ? Mono.just(SURE) : Mono.empty();
		awaitAcknowledged(group.write("bob", "ask"));
		String wrong = group.write("alice", response("sure", "true"));
		awaitAcknowledged(wrong);
		awaitRefused(new AnswerRefused(wrong, "g-1", "alice", Reason.NOT_ASKED));
		taken(group.write("bob", response("sure", "true")));
		Conversation conversation = this.agent.client().conversation("group:g-1", "g-1");
		Confirm vote = Confirm.of("Lunch?").id("vote").responseMode(ResponseMode.COLLECTIVE);
		conversation.send(vote).block(TIMEOUT);
		taken(group.write("bob", response("vote", "true")));
		taken(group.write("bob", response("vote", "false")));
		taken(group.write("alice", response("vote", "true")));
		conversation.send(WidgetUpdate.of("vote").expiresAt(Instant.now().minusMillis(1))).block(TIMEOUT);
		String late = group.write("alice", response("vote", "false"));
		awaitAcknowledged(late);
		awaitRefused(new AnswerRefused(late, "g-1", "alice", Reason.EXPIRED));
		assertThat(conversation.tally("vote", Boolean.class).block(TIMEOUT).counts())
			.isEqualTo(Map.of(true, 1, false, 1));
	}

	@Test
	void questionToAPersonIsNotAnsweredThroughAGroupOfTheSameConversation() {
		send(SURE);
		TestGroup group = new TestGroup(this.relay, "c-1");
		group.distribute(person("mallory", "c-1", "phone"));
		String forged = group.write("alice", response("sure", "true"));
		awaitAcknowledged(forged);
		awaitRefused(new AnswerRefused(forged, "c-1", "alice", Reason.NOT_ASKED));
		assertThat(this.answers).isEmpty();
	}

	@Test
	void applicationSaysWhatPeopleRead() {
		AgentMessageHandler silent = new AgentMessageHandler() {

			@Override
			public Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
				return Mono.just(new Reply("Received: " + message.text()));
			}

			@Override
			public String sentenceFor(AnswerRefused refused) {
				return (refused.reason() == Reason.NOT_ASKED) ? "Wie bitte?" : "";
			}

		};
		this.agent.restart(silent);
		awaitAcknowledged(answer(this.alice, "sure"));
		await().until(() -> this.alice.readNew().contains("Wie bitte?"));
		send(SURE.expiresAt(Instant.now().minusMillis(1)));
		await().until(() -> !this.alice.readNew().isEmpty());
		awaitAcknowledged(answer(this.alice, "sure"));
		awaitAcknowledged(this.alice.write("Hello"));
		await().untilAsserted(() -> assertThat(this.alice.readNew()).containsExactly("Received: Hello"));
	}

	private void send(Content content) {
		this.agent.client().conversation("alice", "c-1").onDevice("phone").send(content).block(TIMEOUT);
	}

	private void refused(TestPerson person, String messageId, String sentence, Reason reason) {
		int before = this.answers.size();
		awaitAcknowledged(messageId);
		await().until(() -> person.readNew().contains(sentence));
		await().until(() -> this.agent.events(AnswerRefused.class)
			.stream()
			.anyMatch((refused) -> refused.messageId().equals(messageId) && refused.reason() == reason));
		assertThat(this.answers).hasSize(before);
	}

	private void awaitRefused(AnswerRefused refused) {
		await().until(() -> this.agent.events().contains(refused));
	}

	private void taken(String messageId) {
		awaitAcknowledged(messageId);
		assertThat(this.answers).extracting(AgentMessage::id).endsWith(messageId);
	}

	private void awaitAcknowledged(String messageId) {
		await().atMost(TIMEOUT).until(() -> this.relay.acknowledged().contains(messageId));
	}

	private static String answer(TestPerson person, String ref) {
		return answer(person, ref, "true");
	}

	private static String answer(TestPerson person, String ref, String value) {
		return person.write(response(ref, value));
	}

	private static String response(String ref, String value) {
		return "{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"" + ref + "\",\"value\":" + value + "}";
	}

	private record Deployment(String version, int replicas) {
	}

}
