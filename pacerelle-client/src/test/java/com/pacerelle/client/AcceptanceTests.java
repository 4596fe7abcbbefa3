package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.FileTransferException;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * When a message is handled, accepted and acknowledged (gateway.md section 4.1). Without
 * encryption, because this is about states.
 */
class AcceptanceTests {

	private static final byte[] NOT_UTF_8 = { (byte) 0xff };

	private final TestRelay relay = new TestRelay();

	private final List<String> handled = new CopyOnWriteArrayList<>();

	private volatile AgentMessageHandler handler = (message, conversation) -> Mono.empty();

	private TestAgent agent;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root, (settings) -> settings.encrypted(false), this::handle).start();
	}

	private Publisher<? extends Content> handle(AgentMessage message, Conversation conversation) {
		this.handled.add(message.text());
		return this.handler.handle(message, conversation);
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	static Stream<Arguments> states() {
		return Stream.of(
				arguments(Before.UNKNOWN, true, true, true, List.of("MessagePending", "MessageAccepted"), null),
				arguments(Before.PENDING, true, true, true, List.of("MessageAccepted"), null),
				arguments(Before.PENDING, false, false, false, List.of(), RejectionReason.CONFLICT),
				arguments(Before.ACCEPTED, true, false, true, List.of(), null),
				arguments(Before.ACCEPTED, false, false, false, List.of(), RejectionReason.CONFLICT),
				arguments(Before.DEAD, true, false, true, List.of(), null),
				arguments(Before.DEAD, false, false, false, List.of(), RejectionReason.CONFLICT),
				arguments(Before.REJECTED, true, false, false, List.of(), null),
				arguments(Before.REJECTED, false, true, true, List.of("MessagePending", "MessageAccepted"), null));
	}

	@ParameterizedTest(name = "{0}, same digest {1}: handled {2}, acknowledged {3}, committed {4}, refused {5}")
	@MethodSource("states")
	void stateAndDigestDecide(Before before, boolean sameDigest, boolean isHandled, boolean isAcknowledged,
			List<String> committed, @Nullable RejectionReason reason) {
		byte[] first = (before == Before.REJECTED) ? NOT_UTF_8 : bytes("first");
		bring(before, first);
		forget();
		send("m-1", (sameDigest || before == Before.UNKNOWN) ? first : bytes("second"));
		barrier();
		assertThat(this.handled).hasSize(isHandled ? 1 : 0);
		assertThat(this.relay.acknowledged().stream().filter("m-1"::equals)).hasSize(isAcknowledged ? 1 : 0);
		assertThat(committedFor("m-1")).isEqualTo(committed);
		List<RejectionReason> reasons = (reason != null) ? List.of(reason) : List.of();
		await().untilAsserted(() -> assertThat(this.agent.events(GatewayEvent.MessageRejected.class))
			.extracting(GatewayEvent.MessageRejected::reason)
			.isEqualTo(reasons));
	}

	private void bring(Before before, byte[] payload) {
		switch (before) {
			case UNKNOWN -> {
			}
			case PENDING -> {
				this.handler = (message, conversation) -> Mono.never();
				send("m-1", payload);
				await().until(() -> !this.handled.isEmpty());
				this.handler = (message, conversation) -> Mono.empty();
				this.agent.restart(this::handle);
			}
			case DEAD -> {
				this.handler = (message, conversation) -> Mono.error(new IllegalStateException());
				send("m-1", payload);
				await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
				this.handler = (message, conversation) -> Mono.empty();
				barrier();
			}
			case ACCEPTED -> {
				send("m-1", payload);
				barrier();
			}
			case REJECTED -> {
				send("m-1", payload);
				barrier();
				await().until(() -> !this.agent.events(GatewayEvent.MessageRejected.class).isEmpty());
			}
		}
	}

	private void forget() {
		await().until(() -> this.agent.store().isIdle());
		this.handled.clear();
		this.relay.frames().clear();
		this.agent.events().clear();
		this.agent.store().commits().clear();
	}

	static Stream<Arguments> outcomes() {
		return Stream.of(arguments("completes empty", handler((message, conversation) -> Mono.empty()), 1, 0, false),
				arguments("one reply", handler((message, conversation) -> Mono.just(new Reply("a"))), 1, 1, false),
				arguments("three replies", handler((message, conversation) -> Flux.just("a", "b", "c").map(Reply::new)),
						1, 3, false),
				arguments("fails", handler((message, conversation) -> Mono.error(new IllegalStateException())), 3, 1,
						true),
				arguments("fails after a reply",
						handler((message, conversation) -> Flux.just(new Reply("a"))
							.concatWith(Mono.error(new IllegalStateException()))),
						3, 1, true),
				arguments("throws", handler((message, conversation) -> {
					throw new IllegalArgumentException();
				}), 3, 1, true), arguments("throws an assertion error", handler((message, conversation) -> {
					throw new AssertionError();
				}), 3, 1, true),
				arguments("recurses endlessly", handler((message, conversation) -> recurse(message)), 3, 1, true),
				arguments("runs out of memory", handler((message, conversation) -> {
					throw new OutOfMemoryError("simulated");
				}), 3, 1, true), arguments("returns null", handler((message, conversation) -> null), 3, 1, true),
				arguments("replies null", handler((message, conversation) -> Mono.just(new Reply(null))), 3, 1, true),
				arguments("nothing handles it",
						handler((message, conversation) -> Mono.error(new NoHandlerException("no method"))), 1, 1,
						true));
	}

	private static AgentMessageHandler handler(AgentMessageHandler handler) {
		return handler;
	}

	private static Publisher<Reply> recurse(AgentMessage message) {
		return Flux.concat(recurse(message), Mono.empty());
	}

	@ParameterizedTest(name = "{0}: {2} calls, {3} replies, dead letter {4}")
	@MethodSource("outcomes")
	void outcomeOfTheHandlerDecides(String name, AgentMessageHandler outcome, int calls, int replies, boolean dead) {
		this.handler = (message, conversation) -> message.id().equals("m-1") ? outcome.handle(message, conversation)
				: Mono.empty();
		send("m-1", bytes("poison"));
		barrier();
		assertThat(this.handled.stream().filter("poison"::equals)).hasSize(calls);
		assertThat(this.relay.messages()).hasSize(replies);
		assertThat(this.relay.acknowledged()).contains("m-1");
		assertThat(committedFor("m-1")).containsExactly("MessagePending", dead ? "MessageDead" : "MessageAccepted");
		await().until(() -> this.agent.events(GatewayEvent.HandlingFailed.class).size() == (dead ? 1 : 0));
		assertThat(this.agent.client().deadLetters()).hasSize(dead ? 1 : 0);
	}

	@Test
	void repliesAndAcceptanceAreOneCommitAndComeBeforeTheAcknowledgement() {
		this.handler = (message, conversation) -> Flux.just("a", "b").map(Reply::new);
		send("m-1", bytes("text"));
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		assertThat(commits())
			.anySatisfy((commit) -> assertThat(commit).endsWith("MessageAccepted", "FrameQueued", "FrameQueued"));
		assertThat(this.relay.messages()).extracting((frame) -> text(frame.get("payload_b64").stringValue()))
			.containsExactly("a", "b");
		assertThat(this.relay.frames().get(2)).contains("ACK_READ");
	}

	@Test
	void messageThatIsAnsweredSoonIsOneCommitWithItsReply() {
		this.handler = (message, conversation) -> Mono.just(new Reply("a"));
		// On a busy machine, soon may come late.
		await().until(() -> {
			barrier();
			return commits().contains(List.of("MessagePending", "MessageAccepted", "FrameQueued"));
		});
	}

	@Test
	void messageWhoseHandlerTakesLongIsStoredMeanwhile() {
		Sinks.One<Reply> reply = Sinks.one();
		this.handler = (message, conversation) -> reply.asMono();
		send("m-1", bytes("text"));
		await().until(() -> committedFor("m-1").equals(List.of("MessagePending")));
		assertThat(this.relay.acknowledged()).isEmpty();
		reply.tryEmitValue(new Reply("a"));
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		assertThat(commits()).contains(List.of("MessageAccepted", "FrameQueued"));
		assertThat(this.handled).containsExactly("text");
	}

	@Test
	void messageIsStoredBeforeWhatItsHandlerSends() {
		this.handler = (message, conversation) -> conversation.send(new Reply("sent")).thenMany(Flux.empty());
		send("m-1", bytes("text"));
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		assertThat(commits().subList(0, 3)).containsExactly(List.of("MessagePending"), List.of("FrameQueued"),
				List.of("MessageAccepted"));
	}

	@Test
	void messageIsStoredBeforeItsHandlerIsCalledAgain() {
		this.handler = (message, conversation) -> (this.handled.size() > 1) ? Mono.empty()
				: Mono.error(new IllegalStateException());
		send("m-1", bytes("text"));
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		assertThat(commits()).startsWith(List.of("MessagePending"), List.of("MessageFailed"),
				List.of("MessageAccepted"));
		assertThat(this.handled).hasSize(2);
	}

	private List<List<String>> commits() {
		return this.agent.store()
			.commits()
			.stream()
			.map((commit) -> commit.stream().map((change) -> change.getClass().getSimpleName()).toList())
			.filter((commit) -> commit.stream().anyMatch((name) -> !name.equals("FramesDelivered")))
			.toList();
	}

	@Test
	void messageThatNeedsTheRelayIsHandledFromItsStoredTextAsSoonAsItWorksWithoutAReconnect() {
		this.handler = (message, conversation) -> message.text().equals("text")
				? Mono.error(new FileTransferException("no relay", null)) : Mono.empty();
		this.relay.deliver("m-1", frame("m-1", bytes("text")));
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		barrier();
		assertThat(this.relay.acknowledged()).doesNotContain("m-1");
		this.handler = (message, conversation) -> Mono.empty();
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		assertThat(committedFor("m-1")).containsExactly("MessagePending", "MessageAccepted");
		assertThat(this.handled).containsOnly("text");
		assertThat(this.relay.connections()).isOne();
	}

	@Test
	void forgedMessageUnderAnIdDoesNotKeepTheRealOneOut() {
		send("m-1", NOT_UTF_8);
		send("m-1", bytes("real"));
		barrier();
		assertThat(this.handled).contains("real");
		assertThat(this.relay.acknowledged()).contains("m-1");
	}

	@Test
	void knownIdInAnotherConversationIsAConflict() {
		this.relay.send(frame("m-1", bytes("one"), "c-1"));
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		this.relay.send(frame("m-1", bytes("two"), "c-2"));
		await().until(() -> !this.agent.events(GatewayEvent.MessageRejected.class).isEmpty());
		assertThat(this.agent.events(GatewayEvent.MessageRejected.class).get(0).reason())
			.isEqualTo(RejectionReason.CONFLICT);
		assertThat(this.handled).containsExactly("one");
	}

	@Test
	void sameIdInTwoConversationsAtOnceIsOneMessageAndAConflict() {
		this.relay.send(frame("m-1", bytes("one"), "c-1"));
		this.relay.send(frame("m-1", bytes("two"), "c-2"));
		await().until(() -> !this.agent.events(GatewayEvent.MessageRejected.class).isEmpty());
		assertThat(this.agent.events(GatewayEvent.MessageRejected.class))
			.extracting(GatewayEvent.MessageRejected::reason)
			.containsOnly(RejectionReason.CONFLICT);
		await().until(() -> this.relay.acknowledged().size() == 1);
		// Both may be with their handlers before one is stored.
		assertThat(this.handled).doesNotHaveDuplicates().isSubsetOf("one", "two").isNotEmpty();
	}

	@Test
	void failureOfTheStoreEndsNoMessageHoweverOftenItFails() {
		int[] failures = { 8 };
		this.agent.store()
			.fail((changes) -> changes.stream().anyMatch(Change.MessagePending.class::isInstance) && failures[0]-- > 0);
		this.relay.deliver("m-1", frame("m-1", bytes("text")));
		await().until(() -> this.relay.acknowledged().contains("m-1"));
		assertThat(this.handled).containsExactly("text");
		assertThat(this.relay.connections()).isOne();
		assertThat(this.agent.events(GatewayEvent.HandlingFailed.class)).as("the operator is told once").hasSize(1);
	}

	@Test
	void handlerIsNotCalledAgainWhenOnlyTheCommitOfItsRepliesFailed() {
		int[] failures = { 2 };
		this.agent.store()
			.fail((changes) -> changes.stream().anyMatch(Change.MessageAccepted.class::isInstance)
					&& failures[0]-- > 0);
		this.handler = (message, conversation) -> Mono.just(new Reply("reply"));
		send("m-1", bytes("text"));
		barrier();
		assertThat(this.handled.stream().filter("text"::equals)).hasSize(1);
		assertThat(this.relay.acknowledged()).contains("m-1");
		assertThat(this.relay.messages()
			.stream()
			.filter((frame) -> frame.get("reply_to_message_id").stringValue().equals("m-1"))).hasSize(1);
	}

	/**
	 * Messages of one conversation come one after the other: when this one is
	 * acknowledged, all before it are done.
	 */
	private void barrier() {
		String id = "barrier-" + System.nanoTime();
		send(id, bytes(id));
		await().until(() -> this.relay.acknowledged().contains(id));
		this.handled.remove(id);
	}

	private List<String> committedFor(String id) {
		List<String> names = new ArrayList<>();
		for (Change change : this.agent.store().committed()) {
			boolean about = (change instanceof Change.MessagePending pending && pending.messageId().equals(id))
					|| (change instanceof Change.MessageAccepted accepted && accepted.messageId().equals(id))
					|| (change instanceof Change.MessageDead died && died.messageId().equals(id))
					|| (change instanceof Change.MessageRejected rejected && rejected.messageId().equals(id));
			if (about) {
				names.add(change.getClass().getSimpleName());
			}
		}
		return names;
	}

	private void send(String id, byte[] payload) {
		this.relay.send(frame(id, payload));
	}

	private static String frame(String id, byte[] payload) {
		return frame(id, payload, "c-1");
	}

	private static String frame(String id, byte[] payload, String conversationId) {
		Map<String, Object> frame = new LinkedHashMap<>();
		frame.put("type", "MSG");
		frame.put("id", id);
		frame.put("from", "alice");
		frame.put("conversation_id", conversationId);
		frame.put("encrypted", false);
		frame.put("payload_b64", Base64.getEncoder().encodeToString(payload));
		return TestRelay.JSON.writeValueAsString(frame);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(String base64) {
		return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
	}

	private enum Before {

		UNKNOWN, PENDING, ACCEPTED, DEAD, REJECTED

	}

}
