package com.pacerelle.client;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import com.pacerelle.client.message.AgentAttachment;
import com.pacerelle.client.message.AgentFile;
import com.pacerelle.client.message.Choice;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.DateTime;
import com.pacerelle.client.message.FilePicker;
import com.pacerelle.client.message.Form;
import com.pacerelle.client.message.FormField;
import com.pacerelle.client.message.Permission;
import com.pacerelle.client.message.Progress;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.message.WidgetUpdate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client does that stops, or has stopped: no call waits for ever.
 */
class StoppedClientTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final AgentFile FILE = AgentFile.of("a.txt", new byte[] { 1 });

	private static final AgentAttachment ATTACHMENT = AgentAttachment.builder("name", "text/plain")
		.id("id")
		.size(1)
		.blobId("blob")
		.key("k", "i")
		.build();

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start() {
		this.agent = new TestAgent(this.relay, this.root, (message, conversation) -> Mono.just(new Reply("done")));
		this.alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		String id = this.alice.write("hello");
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void everyCallOfAStoppedClientEnds() throws Exception {
		AgentGatewayClient client = this.agent.client();
		Conversation conversation = client.conversation("alice", "c-1");
		client.stop(Duration.ZERO).block(PATIENCE);

		Map<String, Call> refused = new TreeMap<>();
		refused.put("sendMessage", () -> client.conversation("alice", "c-1").sendMessage("text").block());
		refused.put("send", () -> conversation.send(new Reply("text")).block());
		refused.put("sendFile", () -> conversation.sendFile(FILE).block());
		refused.put("sendMedia", () -> conversation.sendMedia(FILE).block());
		refused.put("sendConfirmWidget", () -> conversation.sendConfirmWidget(Confirm.of("Sure?")).block());
		refused.put("sendChoiceWidget",
				() -> conversation.sendChoiceWidget(Choice.of("Which?").option("a", "A")).block());
		refused.put("sendPermissionWidget", () -> conversation.sendPermissionWidget(Permission.of("May I?")).block());
		refused.put("sendFormWidget",
				() -> conversation.sendFormWidget(Form.of("Form").field(FormField.text("name", "Name"))).block());
		refused.put("sendProgressWidget", () -> conversation.sendProgressWidget(Progress.of("Build", 1, 2)).block());
		refused.put("sendDatetimeWidget", () -> conversation.sendDatetimeWidget(DateTime.date("When?")).block());
		refused.put("sendFilePickerWidget", () -> conversation.sendFilePickerWidget(FilePicker.of("Brief?")).block());
		refused.put("sendWidgetUpdate", () -> conversation.sendWidgetUpdate(WidgetUpdate.of("w").value(1)).block());
		refused.put("ask", () -> conversation.ask(Confirm.of("Sure?").id("c")).block());
		refused.put("askAndWait", () -> conversation.askAndWait(Confirm.of("Sure?").id("c"), PATIENCE));
		refused.put("forgetDevice", () -> client.forgetDevice("alice", "CODE").block());
		refused.put("tally", () -> conversation.tally("c", Boolean.class).block());
		refused.put("trustDevice", () -> client.trustDevice("alice", "CODE").block());
		refused.put("refuseDevice", () -> client.refuseDevice("alice", "CODE").block());
		refused.put("retryDeadLetter", () -> client.retryDeadLetter("m-1").block());
		refused.put("discardDeadLetter", () -> client.discardDeadLetter("m-1").block());
		refused.put("conversations", () -> client.conversations().blockLast());
		refused.put("sendAndWait", () -> conversation.sendAndWait(new Reply("text")));
		refused.put("upload", () -> client.upload(FILE).block());
		refused.put("readable", () -> client.readable(ATTACHMENT).download().block());
		for (Map.Entry<String, Call> each : refused.entrySet()) {
			assertThat(outcome(each.getValue())).as(each.getKey()).isInstanceOf(ClientStoppedException.class);
		}

		Map<String, Call> others = new TreeMap<>();
		others.put("start", client::start);
		others.put("stop", () -> client.stop(PATIENCE).block());
		others.put("replaceToken", () -> client.replaceToken("another"));
		others.put("connected", () -> client.connected().block());
		others.put("state", client::state);
		others.put("load", client::load);
		others.put("events", () -> client.events().blockLast());
		others.put("verificationCode", client::verificationCode);
		others.put("devices", () -> client.devices("alice"));
		others.put("waitingDevices", client::waitingDevices);
		others.put("deadLetters", client::deadLetters);
		others.put("conversation", () -> client.conversation("alice", "c-1"));
		others.put("id", conversation::id);
		others.put("to", conversation::to);
		others.put("isGroup", conversation::isGroup);
		others.put("replyingTo", () -> conversation.replyingTo("m-1"));
		others.put("onDevice", () -> conversation.onDevice("phone"));
		others.put("show", () -> conversation.show(Progress.of("Build", 1, 2)));
		for (Call each : others.values()) {
			outcome(each);
		}
		assertThat(Arrays.asList(AgentGatewayClient.class, Conversation.class))
			.allSatisfy((type) -> assertThat(Arrays.stream(type.getMethods()).filter((method) -> !method.isSynthetic()))
				.extracting(Method::getName)
				.allMatch((name) -> refused.containsKey(name) || others.containsKey(name), "is called here"));
	}

	@Test
	void openQuestionFailsWhenTheClientStopsAndDoesNotUseUpTheGrace() {
		CompletableFuture<Boolean> answer = this.agent.client()
			.conversation("alice", "c-1")
			.ask(Confirm.of("Sure?").id("c"))
			.toFuture();
		await().until(() -> this.relay.messages().size() == 2);
		this.agent.client().stop(Duration.ofHours(1)).block(PATIENCE);
		assertThat(answer).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(ClientStoppedException.class);
	}

	@Test
	void handlerThatWaitsOnItsThreadForAnAnswerEndsAtOnceAndIsCalledAgain() {
		this.agent.restart((message, conversation) -> Mono
			.fromCallable(() -> new Reply("Answer: " + conversation.askAndWait(Confirm.of("Sure?").id("c")))));
		int before = this.relay.messages().size();
		String id = this.alice.write("ask me");
		await().until(() -> this.relay.messages().size() > before);
		this.agent.client().stop(Duration.ofHours(1)).block(PATIENCE);
		assertThat(this.relay.acknowledged()).doesNotContain(id);
		this.agent.restart((message, conversation) -> Mono.just(new Reply("later")));
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	private static Throwable outcome(Call call) throws Exception {
		return CompletableFuture.supplyAsync(() -> {
			try {
				call.make();
				return new AssertionError("Nothing was thrown");
			}
			catch (Throwable ex) {
				return (ex.getCause() instanceof ClientStoppedException cause) ? cause : ex;
			}
		}).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	/**
	 * A call of the client.
	 */
	private interface Call {

		void make() throws Exception;

	}

}
