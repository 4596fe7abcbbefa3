package com.pacerelle.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.example.Application;
import com.pacerelle.client.encryption.HistoryDelivery;
import com.pacerelle.client.encryption.PayloadCipher;
import com.pacerelle.client.event.Failures;
import com.pacerelle.client.history.ConversationHistory;
import com.pacerelle.client.http.AgentToken;
import com.pacerelle.client.inbound.Acceptance;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Confirm;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.HistoryKey;
import com.pacerelle.client.wire.OutboundMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Neither the token nor what people write is logged, thrown or described.
 */
class SecrecyTests {

	private static final String CONTENT = "the secret plan";

	@TempDir
	private Path root;

	@Test
	void logHasNeitherTokenNorContentWhateverHappens() {
		List<String> lines;
		try (LogCapture log = new LogCapture(); TestRelay relay = new TestRelay()) {
			relay.answerUpgradeWith(500);
			try (TestAgent agent = new TestAgent(relay, this.root, (settings) -> settings, (message, conversation) -> {
				throw Application.failure(message.text());
			})) {
				agent.client().start();
				StepVerifier.create(agent.client().connected())
					.verifyErrorSatisfies((failure) -> assertNothingSecret(List.of(describe(failure))));
				relay.answerUpgradeWith(101);
				await().until(() -> agent.client().state() == ConnectionState.CONNECTED);
				TestPerson alice = new TestPerson(relay, "alice", "c-1", "phone").startSession();
				alice.write(CONTENT);
				await().until(() -> !agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
				relay.send("{\"type\":\"" + CONTENT + "\"}");
				Map<String, Object> frame = alice.frame(CONTENT.getBytes());
				relay.deliver(frame);
				await().until(() -> !agent.events(GatewayEvent.MessageRejected.class).isEmpty());
				relay.answerUpgradeWith(401);
				relay.close(1011);
				await().until(() -> agent.client().state() == ConnectionState.TOKEN_REFUSED);
				relay.answerUpgradeWith(101);
				await().until(() -> agent.client().state() == ConnectionState.CONNECTED);
				assertNothingSecret(agent.events().stream().map(Object::toString).toList());
			}
			lines = log.lines();
		}
		assertThat(lines).anyMatch((line) -> line.contains("is a dead letter now"))
			.anyMatch((line) -> line.contains("Sent message ") && line.contains("(Reply)"))
			.anyMatch((line) -> line.contains("refused and not acknowledged"))
			.anyMatch((line) -> line.contains("REFUSED THE TOKEN"));
		assertNothingSecret(lines);
	}

	@Test
	void descriptionsHaveNoContent() {
		assertNothingSecret(List.of(new Reply(CONTENT).toString(),
				AgentMessage.builder("alice", "c-1").id("m-1").text(CONTENT).build().toString(),
				new OutboundMessage("MSG", "m-1", "c-1", "alice", CONTENT, true, null, null, null, null).toString(),
				new Acceptance.Pending(AgentMessage.builder("alice", "c-1").id("m-1").text(CONTENT).build(), true, 0)
					.toString(),
				new AgentToken(TestRelay.TOKEN).toString(), new PayloadCipher.Sealed(CONTENT, null).toString(),
				new HistoryDelivery(CONTENT, new HistoryKey("k", 1, new byte[32])).toString(),
				new ConversationHistory(new byte[32]).toString()));
	}

	@Test
	void failureOfAHandlerIsDescribedWithoutItsMessage() {
		Throwable failure = Application.failure(CONTENT);
		assertThat(Failures.describe(failure)).contains("java.lang.IllegalStateException at ")
			.contains("caused by java.lang.RuntimeException")
			.contains("SecrecyTests")
			.doesNotContain(CONTENT);
	}

	@Test
	void messagesOfTheLibraryAreNeverHidden() {
		Throwable ofType = new NoHandlerException("There is no handler");
		Throwable ofCode = catchThrowable(() -> Confirm.of(" "));
		assertThat(Failures.describe(ofType)).contains("NoHandlerException: There is no handler at ");
		assertThat(Failures.describe(ofCode)).contains("IllegalArgumentException: " + ofCode.getMessage() + " at ");
		assertThat(describe(Failures.forLog(ofType, false))).contains("NoHandlerException: There is no handler");
		assertThat(describe(Failures.forLog(Application.failure(CONTENT), false))).doesNotContain(CONTENT);
	}

	private static String describe(Throwable failure) {
		StringBuilder text = new StringBuilder();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			text.append(cause).append('\n');
		}
		return text.toString();
	}

	private static void assertNothingSecret(List<String> lines) {
		assertThat(lines).noneMatch((line) -> line.contains(TestRelay.TOKEN))
			.noneMatch((line) -> line.contains(new AgentToken(TestRelay.TOKEN).encoded()))
			.noneMatch((line) -> line.contains(CONTENT));
	}

}
