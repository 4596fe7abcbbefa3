package com.pacerelle.client;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.pacerelle.client.GatewayEvent.GroupKeyAdded;
import com.pacerelle.client.GatewayEvent.GroupKeyRejected;
import com.pacerelle.client.GatewayEvent.GroupKeysLimited;
import com.pacerelle.client.GatewayEvent.MessageRejected;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.encryption.GroupMessage;
import com.pacerelle.client.http.HttpStatusException;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.GroupKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Groups: how the agent gets their keys, reads and writes (gateway.md section 7).
 */
class GroupsTests {

	private final TestRelay relay = new TestRelay();

	private final List<AgentMessage> handled = new CopyOnWriteArrayList<>();

	private final TestGroup group = new TestGroup(this.relay, "c-1");

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
	void messageToAGroupIsAnsweredInTheGroup() {
		this.group.distribute(member("alice"));
		String id = this.group.write("bob", "Hello");
		awaitAcknowledged(id);
		JsonNode reply = this.relay.messages().get(0);
		assertThat(reply.propertyNames()).containsExactly("type", "id", "conversation_id", "to", "payload_b64",
				"encrypted", "reply_to_message_id");
		assertThat(reply.get("to").stringValue()).isEqualTo("group:c-1");
		assertThat(reply.get("reply_to_message_id").stringValue()).isEqualTo(id);
		assertThat(this.group.read()).containsExactly("Received: Hello");
		AgentMessage message = this.handled.get(0);
		assertThat(message.group()).isTrue();
		assertThat(message.from()).isEqualTo("bob");
		assertThat(message.fromDeviceId()).isEqualTo("phone");
		assertThat(this.relay.frames().get(1)).contains("\"ACK_READ\",\"to\":\"bob\"");
		assertThat(this.relay.requests())
			.contains("GET /agent/group-keys?conversation_id=c-1 Bearer " + TestRelay.TOKEN);
		await().until(() -> this.agent.events().contains(new GroupKeyAdded("c-1", "k-1", 1, "alice", "phone")));
	}

	@Test
	void keyIsFetchedOnceForReadingAndEachTimeForWriting() {
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("alice", "one"));
		awaitAcknowledged(this.group.write("bob", "two"));
		assertThat(requestsForKeys()).isEqualTo(3);
		assertThat(this.agent.store().committed().stream().filter(Change.GroupKeyReceived.class::isInstance))
			.hasSize(1);
	}

	@Test
	void keySessionAndMessageAreOneCommit() {
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "Hello"));
		assertThat(this.agent.store().commits())
			.anySatisfy((commit) -> assertThat(commit).extracting((change) -> change.getClass().getSimpleName())
				.contains("Session", "GroupKeyReceived", "GroupNonceUsed", "MessagePending"));
	}

	@Test
	void keyWithTheHighestEpochIsUsedForWriting() {
		TestPerson alice = member("alice");
		this.group.distribute(alice);
		awaitAcknowledged(this.group.write("bob", "before"));
		Map<String, Object> late = this.group.frame("bob", "on its way meanwhile");
		this.group.rotate(7);
		this.group.distribute(alice);
		this.relay.deliver(late);
		awaitAcknowledged((String) late.get("id"));
		awaitAcknowledged(this.group.write("bob", "after"));
		assertThat(this.group.read()).containsExactly("not for the present key", "Received: on its way meanwhile",
				"Received: after");
	}

	@Test
	void messageWhoseKeyIsMissingComesAgain() {
		TestPerson alice = member("alice");
		String id = this.group.write("bob", "Hello");
		awaitRejections(RejectionReason.GROUP_KEY_MISSING);
		assertThat(this.agent.store().receipt(id)).isNull();
		this.group.distribute(alice);
		this.relay.drop();
		awaitAcknowledged(id);
		assertThat(this.group.read()).containsExactly("Received: Hello");
	}

	@Test
	void messageComesAgainWhenTheRelayHasNoAnswer() {
		this.group.distribute(member("alice"));
		this.relay.distribute(() -> "no JSON");
		String id = this.group.write("bob", "Hello");
		await().until(() -> !this.agent.events(GatewayEvent.HandlingFailed.class).isEmpty());
		assertThat(this.agent.events(GatewayEvent.HandlingFailed.class).get(0).failure())
			.isInstanceOf(GroupKeyException.class);
		assertThat(this.agent.store().receipt(id)).isNull();
		this.relay.distribute(() -> TestRelay.JSON.writeValueAsString(this.group.envelopes()));
		this.relay.drop();
		awaitAcknowledged(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "null", "[", "[[[[", "{\"conversation_id\":\"c-1\"}" })
	void answerOfTheRelayThatIsNoListIsAnError(String answer) {
		this.relay.distribute(() -> answer);
		StepVerifier.create(this.agent.client().conversation("group:c-1", "c-1").sendMessage("Hello"))
			.verifyError(GroupKeyException.class);
	}

	@Test
	void answerOfTheRelayThatIsTooLongIsAnError() {
		this.relay.distribute(() -> "[" + " ".repeat(17 * 1024 * 1024) + "]");
		StepVerifier.create(this.agent.client().conversation("group:c-1", "c-1").sendMessage("Hello"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(GroupKeyException.class)
				.rootCause()
				.hasMessageContaining("more than"));
	}

	@Test
	void statusThatIsNoSuccessIsAnError() {
		this.relay.answerHttpWith(503);
		StepVerifier.create(this.agent.client().conversation("group:c-1", "c-1").sendMessage("Hello"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(GroupKeyException.class)
				.hasCauseInstanceOf(HttpStatusException.class));
	}

	@Test
	void applicationCannotWriteToAGroupWhoseKeyItHasNot() {
		StepVerifier.create(this.agent.client().conversation("group:c-1", "c-1").sendMessage("Hello"))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(GroupKeyException.class)
				.hasMessageContaining("c-1")
				.hasMessageContaining("add the agent to the group"));
	}

	@Test
	void applicationWritesToAGroupThatNobodyHasWrittenIn() {
		this.group.distribute(member("alice"));
		this.agent.client().conversation("group:c-1", "c-1").onDevice("phone").sendMessage("Hello").block();
		await().until(() -> this.relay.messages().size() == 1);
		assertThat(this.group.read()).containsExactly("Hello");
		assertThat(this.relay.messages().get(0).has("to_device_id")).isFalse();
	}

	static Stream<Arguments> forgeries() {
		return Stream.of(arguments("another group inside", Map.of("conversation_id", "c-2")),
				arguments("another key inside", Map.of("key_id", "k-2")),
				arguments("another epoch inside", Map.of("epoch", 2)), arguments("epoch 0", Map.of("epoch", 0)),
				arguments("epoch of a text", Map.of("epoch", "1")),
				arguments("another algorithm", Map.of("alg", "none")), arguments("another version", Map.of("v", 2)),
				arguments("a short key", Map.of("raw_key_b64", "AAAA")),
				arguments("a key that is no Base64", Map.of("raw_key_b64", "?")),
				arguments("another type", Map.of("type", "pacerelle.group.message")));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("forgeries")
	void keyThatIsNotTheStatedOneIsRejected(String name, Map<String, Object> fields) {
		TestPerson mallory = member("mallory");
		Map<String, Object> senderKey = this.group.senderKey();
		senderKey.putAll(fields);
		this.group.envelopes().add(this.group.envelope(mallory, TestRelay.JSON.writeValueAsString(senderKey)));
		String id = this.group.write("bob", "Hello");
		awaitRejections(RejectionReason.GROUP_KEY_MISSING);
		assertThat(this.agent.events(GroupKeyRejected.class))
			.containsExactly(new GroupKeyRejected("c-1", "k-1", "mallory"));
		assertThat(this.agent.store().committed()).noneMatch(Change.Session.class::isInstance);
		this.group.distribute(mallory);
		this.relay.drop();
		awaitAcknowledged(id);
	}

	static Stream<Arguments> envelopes() {
		return Stream.of(arguments("damaged", Map.of("envelope_b64", "AQID")),
				arguments("empty", Map.of("envelope_b64", "")), arguments("no Base64", Map.of("envelope_b64", "?")),
				arguments("of a number", Map.of("envelope_b64", 7)), arguments("of nobody", Map.of("sender_id", "")),
				arguments("of another person", Map.of("sender_id", "carol")),
				arguments("of another device", Map.of("sender_device_id", "laptop")),
				arguments("of another group", Map.of("conversation_id", "c-2")),
				arguments("of a long epoch", Map.of("epoch", new BigInteger("9".repeat(40)))));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("envelopes")
	void badEnvelopeOfOneMemberDoesNotAffectOthers(String name, Map<String, Object> fields) {
		Map<String, Object> bad = this.group.distribute(member("mallory"));
		bad.putAll(fields);
		this.group.envelopes().add(new LinkedHashMap<>());
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "Hello"));
		assertThat(this.group.read()).containsExactly("Received: Hello");
	}

	@Test
	void badEnvelopeIsReportedOnce() {
		this.group.distribute(member("mallory")).put("envelope_b64", "AQID");
		this.group.distribute(member("alice"));
		this.group.envelopes().get(0).put("key_id", "k-2");
		awaitAcknowledged(this.group.write("bob", "one"));
		awaitAcknowledged(this.group.write("bob", "two"));
		await().until(() -> !this.agent.events(GroupKeyRejected.class).isEmpty());
		assertThat(this.agent.events(GroupKeyRejected.class)).hasSize(1);
	}

	@Test
	void envelopeOfANewIdentityUnderAKnownDeviceIsNotTaken() {
		TestPerson alice = member("alice");
		String id = alice.write("it is me");
		awaitAcknowledged(id);
		this.group.distribute(member("alice"));
		this.group.write("bob", "Hello");
		awaitRejections(RejectionReason.GROUP_KEY_MISSING);
		assertThat(this.agent.events(GroupKeyRejected.class)).hasSize(1);
	}

	@Test
	void keyOfAnOlderClientComesUnderThePlainNameOfItsSession() {
		TestPerson old = new TestPerson(this.relay, "alice", "c-1", null).startSession();
		awaitAcknowledged(old.write("without a device"));
		old.readNew();
		this.group.distribute(old).put("sender_device_id", "tablet");
		String id = this.group.write("bob", "Hello");
		awaitAcknowledged(id);
		assertThat(this.agent.store().usesPlainName("alice", "c-1", "tablet")).isTrue();
	}

	@Test
	void envelopesAndMessagesOfAMemberUseOneSession() {
		TestPerson alice = member("alice");
		this.group.distribute(alice);
		String direct = alice.write("to the agent alone");
		String toAll = this.group.write("alice", "to all");
		awaitAcknowledged(direct);
		awaitAcknowledged(toAll);
		this.group.rotate(2);
		this.group.distribute(alice);
		awaitAcknowledged(this.group.write("alice", "to all again"));
		assertThat(alice.readNew()).containsExactly("Received: to the agent alone");
	}

	@Test
	void tamperedMessageIsRefused() {
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "before"));
		GroupMessage message = GroupMessage.seal(this.group.key(), new byte[] { 'x' }, new SecureRandom());
		byte[] flipped = message.ciphertext().clone();
		flipped[0] ^= 1;
		this.relay
			.deliver(this.group.frame("bob", new GroupMessage("c-1", "k-1", 1, message.nonce(), flipped).toJson()));
		awaitRejections(RejectionReason.UNDECRYPTABLE);
		awaitAcknowledged(this.group.write("bob", "after"));
	}

	@Test
	void messageOfAnotherGroupIsRefused() {
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "before"));
		GroupKey key = this.group.key();
		this.relay.deliver(this.group.frame("bob",
				GroupMessage
					.seal(new GroupKey("c-2", key.keyId(), key.epoch(), key.key()), new byte[] { 'x' },
							new SecureRandom())
					.toJson()));
		awaitRejections(RejectionReason.MALFORMED);
	}

	@Test
	void copyOfAMessageUnderAnotherIdOrPersonIsADuplicate() {
		this.group.distribute(member("alice"));
		Map<String, Object> frame = this.group.frame("bob", "Hello");
		this.relay.deliver(frame);
		awaitAcknowledged((String) frame.get("id"));
		Map<String, Object> copy = new LinkedHashMap<>(frame);
		copy.put("id", "another id");
		copy.put("from", "alice");
		this.relay.deliver(copy);
		awaitRejections(RejectionReason.DUPLICATE);
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void copyIsADuplicateAsLongAsItsKeyIsKept() {
		this.group.distribute(member("alice"));
		Map<String, Object> frame = this.group.frame("bob", "Hello");
		this.relay.deliver(frame);
		awaitAcknowledged((String) frame.get("id"));
		Instant inAYear = Instant.now().plus(Duration.ofDays(365));
		this.agent.store().commitAndWait(List.of(new Change.Expired(inAYear, inAYear)));
		assertThat(this.agent.store().receipt((String) frame.get("id"))).isNull();
		this.relay.deliver(frame);
		awaitRejections(RejectionReason.DUPLICATE);
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void hugeEpochOfOneMemberTakesNothingFromTheOthers() {
		TestPerson mallory = member("mallory");
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "before"));
		GroupKey shared = this.group.rotate((1L << 53) - 1);
		this.group.distribute(mallory);
		awaitAcknowledged(this.group.write("mallory", "in a key of my own"));
		this.group.use(shared);
		awaitAcknowledged(this.group.write("bob", "after"));
		assertThat(this.group.read()).containsExactly("Received: before", "Received: in a key of my own",
				"Received: after");
		await().until(() -> !this.agent.events(GroupKeysLimited.class).isEmpty());
		assertThat(this.agent.events(GroupKeysLimited.class))
			.containsExactly(new GroupKeysLimited("c-1", "mallory", GroupKeysLimited.Reason.EPOCH_AHEAD));
	}

	@Test
	void countlessEnvelopesOfOneMemberDoNotKeepTheKeysOfOthersOut() {
		TestPerson mallory = member("mallory");
		Map<String, Object> envelope = this.group.envelope(mallory, "no key");
		for (int i = 0; i < 250; i++) {
			Map<String, Object> one = new LinkedHashMap<>(envelope);
			one.put("key_id", "k-" + (1000 + i));
			one.put("epoch", 1000 + i);
			this.group.envelopes().add(one);
		}
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "Hello"));
		assertThat(this.group.read()).containsExactly("Received: Hello");
		await().until(() -> !this.agent.events(GroupKeysLimited.class).isEmpty());
		assertThat(this.agent.events(GroupKeysLimited.class))
			.containsExactly(new GroupKeysLimited("c-1", "mallory", GroupKeysLimited.Reason.TOO_MANY));
	}

	@Test
	void messageOfTheAgentIsNotAcceptedAsOneOfAMember() {
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "Hello"));
		byte[] own = Base64.getDecoder().decode(this.relay.messages().get(0).get("payload_b64").stringValue());
		this.relay.deliver(this.group.frame("alice", own));
		awaitRejections(RejectionReason.DUPLICATE);
	}

	@Test
	void messageToAGroupThatIsEncryptedForTheAgentAloneIsRefused() {
		Map<String, Object> frame = member("alice").frame("hello");
		frame.put("to", "group:c-1");
		this.relay.deliver(frame);
		awaitRejections(RejectionReason.MALFORMED);
	}

	@Test
	void messagesOfTheMembersAreHandledInTheirOrder() {
		this.group.distribute(member("alice"));
		List<String> texts = IntStream.range(0, 50).mapToObj((i) -> "text " + i).toList();
		texts.forEach((text) -> this.group.write(text.endsWith("1") ? "alice" : "bob", text));
		await().until(() -> this.relay.acknowledged().size() == 50);
		assertThat(this.handled).extracting(AgentMessage::text).isEqualTo(texts);
		assertThat(this.group.read()).isEqualTo(texts.stream().map("Received: "::concat).toList());
	}

	@Test
	void keysAreKeptOverARestart() {
		this.group.distribute(member("alice"));
		awaitAcknowledged(this.group.write("bob", "before"));
		this.group.envelopes().clear();
		this.agent.restart((message, conversation) -> Mono.just(new Reply("Again: " + message.text())));
		awaitAcknowledged(this.group.write("bob", "after"));
		assertThat(this.group.read()).containsExactly("Received: before", "Again: after");
	}

	@Test
	void keyThatWasLostWithACommitIsTakenAgain() {
		this.group.distribute(member("alice"));
		int[] failures = { 4 };
		this.agent.store()
			.fail((changes) -> changes.stream().anyMatch(Change.GroupKeyReceived.class::isInstance)
					&& failures[0]-- > 0);
		String id = this.group.write("bob", "Hello");
		awaitAcknowledged(id);
		assertThat(this.group.read()).containsExactly("Received: Hello");
	}

	@Test
	void oneTimePreKeysThatEnvelopesUseAreReplaced() {
		for (int i = 0; i < 26; i++) {
			this.group.rotate(i + 1);
			this.group.distribute(member("member-" + i));
		}
		awaitAcknowledged(this.group.write("member-25", "Hello"));
		await().until(() -> this.relay.publishedOneTimePreKeys().size() > 50);
	}

	private TestPerson member(String userId) {
		return new TestPerson(this.relay, userId, "c-1", "phone").startSession();
	}

	private long requestsForKeys() {
		return this.relay.requests().stream().filter((request) -> request.startsWith("GET /agent/group-keys")).count();
	}

	private void awaitAcknowledged(String id) {
		await().until(() -> this.relay.acknowledged().contains(id));
	}

	private void awaitRejections(RejectionReason... reasons) {
		await().untilAsserted(
				() -> assertThat(this.agent.events(MessageRejected.class)).extracting(MessageRejected::reason)
					.containsExactly(reasons));
	}

}
