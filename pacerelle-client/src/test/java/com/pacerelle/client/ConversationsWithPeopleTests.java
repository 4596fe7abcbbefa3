package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import com.pacerelle.client.GatewayEvent.MessageRejected;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.codec.GatewayJson;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.wire.InboundFrame;
import com.pacerelle.signal.NoSessionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Encrypted conversations: who is answered, where, and who is not (gateway.md sections
 * 4.2, 5, 11).
 */
class ConversationsWithPeopleTests {

	private final TestRelay relay = new TestRelay();

	private final List<AgentMessage> handled = new CopyOnWriteArrayList<>();

	private TestAgent agent;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root, (message, conversation) -> {
			this.handled.add(message);
			return Mono.just(new Reply("Received: " + message.text()));
		});
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void messageIsAnsweredAndAcknowledgedAfterTheAnswer() {
		TestPerson alice = person("alice", "phone");
		String id = exchange(alice, "Hello \uD83D\uDC4B");
		JsonNode reply = this.relay.messages().get(0);
		assertThat(reply.get("reply_to_message_id").stringValue()).isEqualTo(id);
		assertThat(reply.get("to_device_id").stringValue()).isEqualTo("phone");
		assertThat(reply.get("encrypted").booleanValue()).isTrue();
		assertThat(UUID.fromString(reply.get("id").stringValue()).version()).isEqualTo(4);
		assertThat(this.relay.frames()).hasSize(2);
		assertThat(this.relay.frames().get(1)).isEqualTo("{\"type\":\"ACK_READ\",\"to\":\"alice\",\"message_id\":\""
				+ id + "\",\"conversation_id\":\"c-alice\"}");
		AgentMessage message = this.handled.get(0);
		assertThat(message.from()).isEqualTo("alice");
		assertThat(message.fromDeviceId()).isEqualTo("phone");
		assertThat(message.conversationId()).isEqualTo("c-alice");
	}

	@Test
	void severalPeopleAndDevicesAndSomebodyWithoutADeviceAreEachAnswered() {
		List<TestPerson> people = List.of(person("alice", "phone"), person("alice", "laptop"), person("bob", "phone"),
				person("carol", null));
		for (int round = 0; round < 3; round++) {
			for (TestPerson one : people) {
				exchange(one, "round " + round);
			}
		}
	}

	@Test
	void manyMessagesBeforeTheFirstAnswerAreAnsweredInOrder() {
		TestPerson alice = person("alice", "phone");
		List<String> texts = IntStream.range(0, 100).mapToObj((i) -> "text " + i).toList();
		texts.forEach(alice::write);
		await().until(() -> this.relay.acknowledged().size() == 100);
		assertThat(this.handled).extracting(AgentMessage::text).isEqualTo(texts);
		assertThat(alice.readNew()).isEqualTo(texts.stream().map("Received: "::concat).toList());
	}

	@Test
	void whatTheApplicationSendsWhileAMessageIsHandledUsesNoKeyAgain() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "hello");
		List<String> expected = new ArrayList<>();
		for (int round = 0; round < 20; round++) {
			Mono<SentMessage> notice = this.agent.client()
				.conversation("alice", "c-alice")
				.send(new Reply("notice " + round));
			alice.write("text " + round);
			notice.block();
			expected.add("Received: text " + round);
			expected.add("notice " + round);
		}
		await().until(() -> this.relay.messages().size() == 1 + expected.size());
		assertThat(alice.readNew()).containsExactlyInAnyOrderElementsOf(expected);
	}

	@Test
	void hundredKilobytesOfEmojiAreAnswered() {
		exchange(person("alice", "phone"), "\uD83D\uDE80".repeat(25_600));
	}

	@Test
	void clearTextIsRefusedUnderEncryption() {
		for (Object encrypted : new Object[] { false, null }) {
			Map<String, Object> frame = person("alice", "phone").frame("hello".getBytes(StandardCharsets.UTF_8));
			frame.put("encrypted", encrypted);
			this.relay.deliver(frame);
		}
		awaitRejections(RejectionReason.CLEAR_TEXT, RejectionReason.CLEAR_TEXT);
		assertThat(this.handled).isEmpty();
		assertThat(this.relay.acknowledged()).isEmpty();
	}

	@Test
	void clearTextThatIsPendingInAnImportedStoreIsRefused() {
		Map<String, Object> frame = person("alice", "phone").frame("hello".getBytes(StandardCharsets.UTF_8));
		frame.put("encrypted", false);
		InboundFrame.Message inbound = (InboundFrame.Message) InboundFrame
			.read(GatewayJson.MAPPER.writeValueAsBytes(frame));
		this.agent.store()
			.commitAndWait(List.of(new Change.MessagePending(inbound.message().id(), inbound.message().digest(),
					"hello", new ReplyContext("alice", "c-alice", "phone"), Instant.now())));
		this.relay.deliver(frame);
		awaitRejections(RejectionReason.CLEAR_TEXT);
		assertThat(this.handled).isEmpty();
		assertThat(this.relay.acknowledged()).isEmpty();
	}

	@Test
	void secondIdentityUnderAKnownUserAndDeviceIsRefusedAndTheFirstIsServed() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "it is me");
		TestPerson mallory = person("alice", "phone");
		mallory.write("it is me too");
		mallory.write("again");
		awaitRejections(RejectionReason.UNTRUSTED_IDENTITY, RejectionReason.UNTRUSTED_IDENTITY);
		exchange(alice, "still me");
		assertThat(this.handled).extracting(AgentMessage::text).containsExactly("it is me", "still me");
	}

	@Test
	void plainNameIsNotTriedWithAMessageThatWouldCreateASession() {
		exchange(new TestPerson(this.relay, "alice", "c-alice", null).startSession(), "old client");
		exchange(person("alice", "phone"), "new client");
		// A new identity, refused under the device's name, would be a first one
		// elsewhere.
		person("alice", "phone").write("somebody else");
		awaitRejections(RejectionReason.UNTRUSTED_IDENTITY);
	}

	@Test
	void olderClientThatSharesOneSessionIsAnsweredUnderThePlainName() {
		TestPerson old = person("alice", null);
		exchange(old, "first, without a device");
		Map<String, Object> frame = old.frame("then with one");
		frame.put("from_device_id", "tablet");
		this.relay.deliver(frame);
		await().until(() -> this.relay.acknowledged().contains(frame.get("id")));
		JsonNode reply = this.relay.messages().get(1);
		assertThat(reply.get("to_device_id").stringValue()).isEqualTo("tablet");
		assertThat(old.decrypt(reply)).isEqualTo("Received: then with one");
		TestPerson tablet = person("alice", "tablet");
		String id = tablet.write("now with a session of its own");
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(tablet.decrypt(this.relay.messages().get(2))).isEqualTo("Received: now with a session of its own");
	}

	@Test
	void plainSessionOfAnotherIdentityIsNotUsedForAKnownDevice() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "it is me");
		TestPerson mallory = person("alice", null);
		exchange(mallory, "a session without a device");
		Map<String, Object> frame = mallory.frame("the phone, allegedly");
		frame.put("from_device_id", "phone");
		this.relay.deliver(frame);
		awaitRejections(RejectionReason.UNDECRYPTABLE);
		exchange(alice, "still me");
	}

	@Test
	void undecryptableMessageIsRememberedAndOthersAreServed() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "hello");
		Map<String, Object> frame = alice.frame(new byte[] { 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 });
		this.relay.deliver(frame);
		awaitRejections(RejectionReason.UNDECRYPTABLE);
		exchange(alice, "go on");
		this.relay.drop();
		await().until(() -> this.relay.connections() == 2);
		exchange(alice, "and on");
		assertThat(this.agent.events(MessageRejected.class)).hasSize(1);
		assertThat(this.agent.store().receipt((String) frame.get("id"))).isNotNull();
	}

	@Test
	void sameCiphertextUnderAnotherIdIsADuplicate() {
		TestPerson alice = person("alice", "phone");
		Map<String, Object> frame = alice.frame("once");
		this.relay.deliver(frame);
		Map<String, Object> copy = new LinkedHashMap<>(frame);
		copy.put("id", "another id");
		this.relay.deliver(copy);
		awaitRejections(RejectionReason.DUPLICATE);
		assertThat(alice.readNew()).containsExactly("Received: once");
		exchange(alice, "go on");
		assertThat(this.handled).hasSize(2);
	}

	@Test
	void sameMessageTwiceIsHandledOnceAndAcknowledgedTwice() {
		TestPerson alice = person("alice", "phone");
		Map<String, Object> frame = alice.frame("once");
		this.relay.deliver(frame);
		// While it waits, a copy is recognised, and acknowledged with it.
		await().until(() -> this.relay.acknowledged().size() == 1);
		this.relay.deliver(frame);
		await().until(() -> this.relay.acknowledged().size() == 2);
		assertThat(this.handled).hasSize(1);
		assertThat(alice.readNew()).hasSize(1);
	}

	@Test
	void lostAndReorderedMessagesAreDecrypted() {
		TestPerson alice = person("alice", "phone");
		List<Map<String, Object>> frames = IntStream.range(0, 20).mapToObj((i) -> alice.frame("text " + i)).toList();
		for (int i = 19; i >= 0; i -= 2) {
			this.relay.deliver(frames.get(i));
		}
		await().until(() -> this.relay.acknowledged().size() == 10);
		assertThat(alice.readNew()).hasSize(10);
	}

	@Test
	void textThatIsNotUtf8IsMalformed() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "hello");
		this.relay.deliver(alice.frame(alice.encrypt(new byte[] { (byte) 0xc3, 0x28 })));
		awaitRejections(RejectionReason.MALFORMED);
		exchange(alice, "go on");
	}

	@Test
	void payloadThatIsNotBase64IsMalformed() {
		TestPerson alice = person("alice", "phone");
		Map<String, Object> frame = alice.frame("hello");
		frame.put("payload_b64", "???");
		this.relay.deliver(frame);
		awaitRejections(RejectionReason.MALFORMED);
		exchange(alice, "go on");
	}

	@Test
	void identityChangeIsAnEventAndSessionsAreKept() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "hello");
		this.relay.send("{\"type\":\"IDENTITY_CHANGED\",\"user_id\":\"alice\"}");
		await().until(() -> this.agent.events().contains(new GatewayEvent.IdentityChanged("alice")));
		exchange(alice, "go on");
	}

	@Test
	void applicationSendsToTheDeviceUsedLast() {
		exchange(person("alice", "phone"), "hello");
		TestPerson laptop = person("alice", "laptop");
		exchange(laptop, "hello");
		SentMessage sent = this.agent.client().conversation("alice", "c-alice").sendMessage("By the way").block();
		await().until(() -> this.relay.messages().size() == 3);
		JsonNode frame = this.relay.messages().get(2);
		assertThat(frame.get("id").stringValue()).isEqualTo(sent.id());
		assertThat(frame.has("reply_to_message_id")).isFalse();
		assertThat(laptop.readNew()).containsExactly("By the way");
	}

	@Test
	void applicationRepliesToTheDeviceOfTheMessage() {
		TestPerson phone = person("alice", "phone");
		String id = exchange(phone, "hello");
		exchange(person("alice", "laptop"), "hello");
		this.agent.client().conversation("alice", "c-alice").replyingTo(id).sendMessage("To the phone").block();
		await().until(() -> this.relay.messages().size() == 3);
		assertThat(this.relay.messages().get(2).get("reply_to_message_id").stringValue()).isEqualTo(id);
		assertThat(phone.readNew()).containsExactly("To the phone");
	}

	@Test
	void replyToAMessageOfAnotherConversationOrPersonIsAnError() {
		String id = exchange(person("alice", "phone"), "hello");
		exchange(person("bob", "phone"), "hello");
		AgentGatewayClient client = this.agent.client();
		StepVerifier.create(client.conversation("bob", "c-alice").replyingTo(id).sendMessage("x"))
			.verifyError(IllegalArgumentException.class);
		StepVerifier.create(client.conversation("alice", "c-bob").replyingTo(id).sendMessage("x"))
			.verifyError(IllegalArgumentException.class);
	}

	@Test
	void agentCannotOpenAConversation() {
		StepVerifier.create(this.agent.client().conversation("nobody", "c-1").sendMessage("hello"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(UnknownRecipientException.class)
				.hasCauseInstanceOf(NoSessionException.class));
	}

	@Test
	void textThatIsLongerThanAFrameMayBeIsRefused() {
		exchange(person("alice", "phone"), "hello");
		StepVerifier
			.create(this.agent.client().conversation("alice", "c-alice").sendMessage("x".repeat(13 * 1024 * 1024)))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("maxFrameSize"));
		assertThat(this.relay.messages()).hasSize(1);
	}

	@Test
	void applicationAndHandlersSendInOneConversationAtOnce() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "hello");
		Flux<SentMessage> sent = Flux.range(0, 50)
			.flatMap((i) -> this.agent.client().conversation("alice", "c-alice").sendMessage("sent " + i), 16);
		List<String> ids = IntStream.range(0, 50).mapToObj((i) -> alice.write("written " + i)).toList();
		assertThat(sent.collectList().block()).hasSize(50);
		await().until(() -> this.relay.acknowledged().containsAll(ids) && this.relay.messages().size() == 101);
		assertThat(alice.readNew()).hasSize(100).doesNotHaveDuplicates();
	}

	@Test
	void verificationCodeIsTheHashOfTheIdentityInGroupsOfFour() throws Exception {
		byte[] identity = Base64.getDecoder().decode(this.relay.bundles().get(0).get("identity_key").stringValue());
		byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity);
		String code = this.agent.client().verificationCode();
		assertThat(code).matches("([0-9A-F]{4} ){15}[0-9A-F]{4}");
		assertThat(code.replace(" ", "")).isEqualTo(HexFormat.of().withUpperCase().formatHex(digest));
	}

	@Test
	void restartedAgentGoesOnWithTheSameSessions() {
		TestPerson alice = person("alice", "phone");
		exchange(alice, "hello");
		String code = this.agent.client().verificationCode();
		this.agent.restart((message, conversation) -> Mono.just(new Reply("Again: " + message.text())));
		alice.write("are you there?");
		await().until(() -> this.relay.acknowledged().size() == 2);
		assertThat(alice.readNew()).containsExactly("Again: are you there?");
		assertThat(this.agent.client().verificationCode()).isEqualTo(code);
	}

	private TestPerson person(String userId, @Nullable String deviceId) {
		return new TestPerson(this.relay, userId, "c-" + userId, deviceId).startSession();
	}

	private String exchange(TestPerson person, String text) {
		String id = person.write(text);
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(person.readNew()).containsExactly("Received: " + text);
		return id;
	}

	private void awaitRejections(RejectionReason... reasons) {
		await().untilAsserted(
				() -> assertThat(this.agent.events(MessageRejected.class)).extracting(MessageRejected::reason)
					.containsExactly(reasons));
	}

}
