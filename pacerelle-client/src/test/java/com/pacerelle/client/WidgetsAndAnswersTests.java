package com.pacerelle.client;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.AttachmentRefusedException;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Choices;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.ResponseMode;
import com.pacerelle.client.message.Tally;
import com.pacerelle.client.message.Widget;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.client.message.WidgetUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What handlers get of answers, updates and files, and how votes are counted (gateway.md
 * sections 5.1, 5.2).
 */
class WidgetsAndAnswersTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private final TestRelay relay = new TestRelay();

	private final List<AgentMessage> handled = new CopyOnWriteArrayList<>();

	private final TestGroup group = new TestGroup(this.relay, "kitchen");

	private TestAgent agent;

	private TestPerson alice;

	private TestPerson bob;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root, this::handle);
		this.alice = new TestPerson(this.relay, "alice", "kitchen", null).startSession();
		this.bob = new TestPerson(this.relay, "bob", "kitchen", null).startSession();
		write(this.alice, "Hello");
		write(this.bob, "Hello");
		this.group.distribute(this.alice);
	}

	private Mono<Content> handle(AgentMessage message, Conversation conversation) {
		this.handled.add(message);
		return Mono.empty();
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void handlerGetsAnswersUpdatesAndFiles() {
		send(Confirm.of("Sure?").id("sure"));
		answer(this.alice, "sure", "true");
		assertThat(last().widgetResponse()).isEqualTo(new WidgetResponse("r", "sure", true, false));
		assertThat(last().text()).isEmpty();
		write(this.alice, "{\"type\":\"widget.update\",\"id\":\"u\",\"ref\":\"w\",\"patch\":{\"spec\":{\"a\":1}}}");
		assertThat(last().widgetUpdate()).isEqualTo(new WidgetUpdate("u", "w", Map.of("spec", Map.of("a", 1L))));
		Map<String, Object> frame = this.alice
			.frame("{\"kind\":\"chat.message\",\"text\":\"Read this\",\"attachments\":"
					+ "[{\"id\":\"a\",\"key_b64\":\"k\",\"iv_b64\":\"i\",\"name\":\"real.txt\",\"mime\":\"text/plain\"}]}");
		frame.put("attachments", List.of(
				Map.of("id", "a", "name", "attachment", "mime", "application/octet-stream", "size", 7, "blob_id", "b"),
				Map.of("id", "incomplete")));
		deliver(frame);
		assertThat(last().text()).isEqualTo("Read this");
		assertThat(last().attachments()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("source")
			.containsExactly(AgentAttachment.builder("real.txt", "text/plain")
				.id("a")
				.size(7)
				.blobId("b")
				.key("k", "i")
				.build());
		// The client would download it, if it had a key.
		StepVerifier.create(last().attachments().get(0).download()).verifyError(AttachmentRefusedException.class);
	}

	@Test
	void attachmentsThatTheRelayAddsDoNotReachTheHandler() {
		Map<String, Object> file = Map.of("id", "a", "name", "attachment", "mime", "application/octet-stream", "size",
				7, "blob_id", "b");
		Map<String, Object> forged = Map.of("id", "x", "name", "invoice.pdf", "mime", "application/pdf", "size", 7,
				"blob_id", "y");
		Map<String, Object> text = this.alice.frame("Hello");
		text.put("attachments", List.of(forged));
		deliver(text);
		assertThat(last().text()).isEqualTo("Hello");
		assertThat(last().attachments()).isEmpty();
		send(FilePicker.of("Which files?").id("w"));
		Map<String, Object> answer = this.alice
			.frame("{\"type\":\"widget.response\",\"id\":\"r\",\"ref\":\"w\",\"value\":{\"files\":[{\"id\":\"a\"}]},"
					+ "\"attachments\":[{\"id\":\"a\",\"key_b64\":\"k\",\"iv_b64\":\"i\",\"name\":\"real.txt\"}]}");
		answer.put("attachments", List.of(forged, file, file));
		deliver(answer);
		assertThat(last().attachments()).singleElement()
			.returns("a", AgentAttachment::id)
			.returns("real.txt", AgentAttachment::name)
			.returns("k", AgentAttachment::keyB64);
	}

	@Test
	void messageThatWaitedInTheStoreIsTheSameAfterARestart() {
		send(Confirm.of("Sure?").id("sure"));
		this.agent.restart((message, conversation) -> Mono.error(new FileTransferException("not yet", null)));
		this.alice.write("{\"type\":\"widget.response\",\"id\":\"r\",\"ref\":\"sure\",\"value\":[1.50]}");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		this.agent.restart(this::handle);
		await().until(() -> this.handled.size() == 3);
		assertThat(last().widgetResponse())
			.isEqualTo(new WidgetResponse("r", "sure", List.of(new BigDecimal("1.50")), false));
	}

	@Test
	void lastVoteOfEachPersonIsCounted() {
		sendToGroup(Confirm.of("Lunch together?").id("lunch").responseMode(ResponseMode.COLLECTIVE));
		assertThat(tally("lunch", Boolean.class).counts()).isEqualTo(Map.of(true, 0, false, 0));
		vote("alice", "lunch", "true");
		vote("bob", "lunch", "true");
		vote("alice", "lunch", "false");
		assertThat(tally("lunch", Boolean.class))
			.isEqualTo(new Tally<>(List.of(true, false), Map.of("alice", List.of(false), "bob", List.of(true))));
	}

	@Test
	void votesSurviveARestart() {
		sendToGroup(Confirm.of("Lunch together?").id("lunch").responseMode(ResponseMode.COLLECTIVE));
		vote("alice", "lunch", "true");
		this.agent.restart(this::handle);
		vote("bob", "lunch", "true");
		assertThat(tally("lunch", Boolean.class).count(true)).isEqualTo(2);
	}

	@Test
	void whoCancelsTakesTheVoteBack() {
		sendToGroup(Confirm.of("Lunch together?").id("lunch").responseMode(ResponseMode.COLLECTIVE));
		vote("alice", "lunch", "true");
		deliver(this.group.frame("alice",
				"{\"type\":\"widget.response\",\"id\":\"r\",\"ref\":\"lunch\",\"cancelled\":true}"));
		assertThat(tally("lunch", Boolean.class).total()).isZero();
	}

	@Test
	void voteForWhatIsNoOptionDoesNotCount() {
		sendToGroup(Choice.of("Which?")
			.id("format")
			.option("pdf", "PDF")
			.option("md", "Markdown")
			.responseMode(ResponseMode.COLLECTIVE));
		vote("alice", "format", "\"pdf\"");
		for (String value : List.of("\"exe\"", "[\"md\"]", "true", "null", "{}")) {
			vote("alice", "format", value);
		}
		assertThat(tally("format", String.class).votes()).isEqualTo(Map.of("alice", List.of("pdf")));
	}

	@Test
	void severalOptionsAreCountedEach() {
		sendToGroup(Choices.of("Which?")
			.id("checks")
			.option("lint", "Lint")
			.option("test", "Test")
			.responseMode(ResponseMode.COLLECTIVE));
		vote("alice", "checks", "[\"lint\",\"test\"]");
		vote("bob", "checks", "[\"test\"]");
		vote("bob", "checks", "[\"test\",\"test\"]");
		vote("bob", "checks", "\"lint\"");
		assertThat(tally("checks", String.class).counts()).isEqualTo(Map.of("lint", 1, "test", 2));
	}

	@Test
	void onlyCollectiveWidgetsOfTheConversationHaveATally() {
		sendToGroup(Confirm.of("Sure?").id("mine"));
		vote("alice", "mine", "true");
		sendToGroup(Confirm.of("Lunch together?").id("lunch").responseMode(ResponseMode.COLLECTIVE));
		Conversation elsewhere = this.agent.client().conversation("group:office", "office");
		StepVerifier.create(group().tally("mine", Boolean.class)).verifyComplete();
		StepVerifier.create(group().tally("unknown", Boolean.class)).verifyComplete();
		StepVerifier.create(elsewhere.tally("lunch", Boolean.class)).verifyComplete();
	}

	@Test
	void tallyOfAnotherTypeIsRefused() {
		sendToGroup(Confirm.of("Lunch together?").id("lunch").responseMode(ResponseMode.COLLECTIVE));
		StepVerifier.create(group().tally("lunch", String.class))
			.verifyErrorMessage(
					"'type' must be java.lang.Boolean, the options of widget 'lunch' are no" + " java.lang.String");
	}

	private Conversation conversation() {
		return this.agent.client().conversation("alice", "kitchen");
	}

	private Conversation group() {
		return this.agent.client().conversation("group:kitchen", "kitchen");
	}

	private void sendToGroup(Widget<?> widget) {
		group().send(widget).block(TIMEOUT);
	}

	private void send(Widget<?> widget) {
		conversation().send(widget).block(TIMEOUT);
	}

	private <T> Tally<T> tally(String widgetId, Class<T> type) {
		return group().tally(widgetId, type).block(TIMEOUT);
	}

	private AgentMessage last() {
		return this.handled.get(this.handled.size() - 1);
	}

	private void answer(TestPerson person, String ref, String value) {
		write(person, response(ref, value));
	}

	private void vote(String member, String ref, String value) {
		deliver(this.group.frame(member, response(ref, value)));
	}

	private static String response(String ref, String value) {
		return "{\"type\":\"widget.response\",\"id\":\"r\",\"v\":1,\"ref\":\"" + ref + "\",\"value\":" + value + "}";
	}

	private void write(TestPerson person, String text) {
		deliver(person.frame(text));
	}

	private void deliver(Map<String, Object> frame) {
		this.relay.deliver(frame);
		await().until(() -> this.relay.acknowledged().contains(frame.get("id")));
	}

}
