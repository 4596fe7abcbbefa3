package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.pacerelle.client.GatewayEvent.MessageRejected;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.history.ConversationHistory;
import com.pacerelle.client.history.HistoryContext;
import com.pacerelle.client.history.HistoryContext.SenderType;
import com.pacerelle.client.history.HistoryRecord;
import com.pacerelle.client.message.AgentMessage;
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
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * How a conversation gets an archive, and what goes into it (gateway.md section 6).
 */
class HistoryTests {

	private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

	private static final byte[] OTHER_KEY = new byte[32];

	private final TestRelay relay = new TestRelay();

	private final List<AgentMessage> handled = new CopyOnWriteArrayList<>();

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root, (message, conversation) -> {
			this.handled.add(message);
			return Mono.just(new Reply("Received: " + message.text()));
		});
		this.alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void fromTheDeliveryOfAKeyOnEachMessageIsArchivedToo() {
		exchange(this.alice, "before");
		awaitAcknowledged(this.alice.write(delivery("with a key", "h-1", KEY)));
		awaitAcknowledged(this.alice.write("after"));
		assertThat(this.handled).extracting(AgentMessage::text).containsExactly("before", "with a key", "after");
		assertThat(this.relay.messages().get(0).has("history_record")).isFalse();
		assertThat(archived(1)).isEqualTo("Received: with a key");
		assertThat(archived(2)).isEqualTo("Received: after");
		assertThat(this.relay.messages().get(2).propertyNames()).containsExactly("type", "id", "conversation_id", "to",
				"payload_b64", "encrypted", "to_device_id", "history_record", "reply_to_message_id");
		assertThat(this.alice.readNew()).containsExactly("Received: with a key", "Received: after");
	}

	@Test
	void keyAndMessageAreOneCommit() {
		awaitAcknowledged(this.alice.write(delivery("with a key", "h-1", KEY)));
		assertThat(this.agent.store().commits())
			.anySatisfy((commit) -> assertThat(commit).extracting((change) -> change.getClass().getSimpleName())
				.contains("Session", "HistoryKeyDelivered", "MessagePending"));
	}

	@Test
	void bodyIsReadLikeAnyPayload() {
		awaitAcknowledged(this.alice.write(delivery("{\"kind\":\"chat.message\",\"text\":\"Hello\"}", "h-1", KEY)));
		assertThat(this.handled.get(0).text()).isEqualTo("Hello");
	}

	@Test
	void sameKeyMayBeDeliveredAgainAndEachConversationHasItsOwn() {
		TestPerson elsewhere = new TestPerson(this.relay, "alice", "c-2", "phone").startSession();
		awaitAcknowledged(this.alice.write(delivery("one", "h-1", KEY)));
		awaitAcknowledged(this.alice.write(delivery("two", "h-1", KEY)));
		awaitAcknowledged(elsewhere.write("three"));
		assertThat(this.relay.messages().get(2).has("history_record")).isFalse();
		awaitAcknowledged(elsewhere.write(delivery("four", "h-2", OTHER_KEY)));
		assertThat(this.relay.messages().get(3).get("history_record").get("key_id").stringValue()).isEqualTo("h-2");
	}

	@Test
	void messageWithAnotherKeyIsRefusedAndNotRemembered() {
		awaitAcknowledged(this.alice.write(delivery("one", "h-1", KEY)));
		this.agent.store().commits().clear();
		String sameId = this.alice.write(delivery("two", "h-1", OTHER_KEY));
		awaitRejections(RejectionReason.HISTORY_KEY_CHANGED);
		String otherId = this.alice.write(delivery("three", "h-2", KEY));
		awaitRejections(RejectionReason.HISTORY_KEY_CHANGED, RejectionReason.HISTORY_KEY_CHANGED);
		assertThat(this.agent.store().committed()).noneMatch(Change.Session.class::isInstance)
			.noneMatch(Change.MessageRejected.class::isInstance);
		assertThat(this.agent.store().receipt(sameId)).isNull();
		awaitAcknowledged(this.alice.write("four"));
		assertThat(archived(1)).isEqualTo("Received: four");
		assertThat(this.relay.acknowledged()).doesNotContain(sameId, otherId);
		this.relay.drop();
		awaitRejections(RejectionReason.HISTORY_KEY_CHANGED, RejectionReason.HISTORY_KEY_CHANGED,
				RejectionReason.HISTORY_KEY_CHANGED, RejectionReason.HISTORY_KEY_CHANGED);
	}

	@Test
	void keyOfOnePersonOpensNothingThatIsSaidToAnotherInTheSameConversation() {
		TestPerson mallory = new TestPerson(this.relay, "mallory", "c-1", "phone").startSession();
		awaitAcknowledged(mallory.write(delivery("one", "h-1", KEY)));
		exchange(this.alice, "a secret");
		this.agent.client().conversation("alice", "c-1").sendMessage("By the way").block();
		await().until(() -> this.relay.messages().size() == 3);
		assertThat(archived(0)).isEqualTo("Received: one");
		assertThat(isArchived(1)).isFalse();
		assertThat(isArchived(2)).isFalse();
		awaitAcknowledged(this.alice.write(delivery("two", "h-1", OTHER_KEY)));
		awaitAcknowledged(mallory.write("three"));
		assertThat(archived(3, OTHER_KEY)).isEqualTo("Received: two");
		assertThat(archived(4)).isEqualTo("Received: three");
	}

	@Test
	void keyOfAMemberOpensNothingThatIsSaidToTheGroup() {
		TestGroup group = new TestGroup(this.relay, "c-1");
		group.distribute(this.alice);
		awaitAcknowledged(this.alice.write(delivery("to the agent alone", "h-1", KEY)));
		awaitAcknowledged(group.write("bob", "to all"));
		assertThat(isArchived(1)).isFalse();
	}

	@Test
	void keyOfTheFirstDeviceIsUsedForAllDevicesOfThePerson() {
		TestPerson tablet = new TestPerson(this.relay, "alice", "c-1", "tablet").startSession();
		awaitAcknowledged(this.alice.write(delivery("one", "h-1", KEY)));
		awaitAcknowledged(tablet.write("two"));
		awaitAcknowledged(tablet.write(delivery("three", "h-1", KEY)));
		awaitAcknowledged(this.alice.write("four"));
		assertThat(List.of(archived(0), archived(1), archived(2), archived(3))).containsExactly("Received: one",
				"Received: two", "Received: three", "Received: four");
	}

	@Test
	void keyOfALaterDeviceIsUsedForThatDeviceAloneUntilTheFirstOneDeliversIt() {
		exchange(this.alice, "first");
		TestPerson tablet = new TestPerson(this.relay, "alice", "c-1", "tablet").startSession();
		awaitAcknowledged(tablet.write(delivery("one", "h-1", KEY)));
		exchange(this.alice, "a secret");
		TestPerson laptop = new TestPerson(this.relay, "alice", "c-1", "laptop").startSession();
		exchange(laptop, "another one");
		assertThat(archived(1)).isEqualTo("Received: one");
		assertThat(isArchived(2)).isFalse();
		assertThat(isArchived(3)).isFalse();
		awaitAcknowledged(this.alice.write(delivery("two", "h-1", KEY)));
		exchange(laptop, "three");
		assertThat(archived(4)).isEqualTo("Received: two");
		assertThat(archived(5)).isEqualTo("Received: three");
	}

	@Test
	void deviceThatWasSeenFirstElsewhereIsTheFirstOneHereAsWell() {
		exchange(this.alice, "first");
		TestPerson laptop = new TestPerson(this.relay, "alice", "c-2", "laptop").startSession();
		awaitAcknowledged(laptop.write(delivery("one", "h-1", KEY)));
		exchange(this.alice.in("c-2").startSession(), "a secret");
		assertThat(isArchived(1)).isTrue();
		assertThat(isArchived(2)).isFalse();
	}

	@Test
	void whereTheFirstDeviceIsNotEachHasItsOwnKey() {
		exchange(this.alice, "first");
		TestPerson laptop = new TestPerson(this.relay, "alice", "c-2", "laptop").startSession();
		TestPerson tablet = new TestPerson(this.relay, "alice", "c-2", "tablet").startSession();
		awaitAcknowledged(laptop.write(delivery("one", "h-1", KEY)));
		exchange(tablet, "a secret");
		awaitAcknowledged(tablet.write(delivery("two", "h-2", OTHER_KEY)));
		awaitAcknowledged(laptop.write("three"));
		assertThat(List.of(isArchived(1), isArchived(2), isArchived(3), isArchived(4))).containsExactly(true, false,
				true, true);
	}

	@Test
	void keyOfADeviceThatWasRefusedIsNotUsedAnyMore() {
		awaitAcknowledged(this.alice.write(delivery("one", "h-1", KEY)));
		TestPerson tablet = new TestPerson(this.relay, "alice", "c-1", "tablet").startSession();
		exchange(tablet, "two");
		this.agent.client().refuseDevice("alice", this.alice.verificationCode()).block();
		exchange(tablet, "three");
		assertThat(archived(1)).isEqualTo("Received: two");
		assertThat(isArchived(2)).isFalse();
	}

	static Stream<Arguments> deliveries() {
		String key = "{\"key_id\":\"h\",\"epoch\":1,\"raw_key_b64\":\"" + Base64.getEncoder().encodeToString(KEY)
				+ "\"}";
		return Stream.of(arguments("version 2", 2, "x", key), arguments("version true", true, "x", key),
				arguments("no version", null, "x", key), arguments("no body", 1, null, key),
				arguments("a body that is no text", 1, 7, key), arguments("no key", 1, "x", null),
				arguments("a key without fields", 1, "x", "{}"), arguments("a list of keys", 1, "x", "[" + key + "]"),
				arguments("an unknown field", 1, "x", key.replace("{", "{\"alg\":\"none\",")),
				arguments("epoch 2", 1, "x", key.replace("\"epoch\":1", "\"epoch\":2")),
				arguments("epoch 1.0", 1, "x", key.replace("\"epoch\":1", "\"epoch\":1.0")),
				arguments("an empty id", 1, "x", key.replace("\"h\"", "\"\"")),
				arguments("an id with a colon", 1, "x", key.replace("\"h\"", "\"a:b\"")),
				arguments("an id with a control", 1, "x", key.replace("\"h\"", "\"a\\u007f\"")),
				arguments("a short key", 1, "x", "{\"key_id\":\"h\",\"epoch\":1,\"raw_key_b64\":\"AAAA\"}"),
				arguments("no Base64", 1, "x", "{\"key_id\":\"h\",\"epoch\":1,\"raw_key_b64\":\"?\"}"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("deliveries")
	void deliveryThatIsNotExactlyAsItMustBeIsRefused(String name, @Nullable Object version, @Nullable Object body,
			@Nullable String key) {
		Map<String, Object> wrapper = new LinkedHashMap<>();
		wrapper.put("type", "pacerelle.delivery");
		wrapper.put("v", version);
		wrapper.put("body", body);
		wrapper.put("history_key", (key != null) ? TestRelay.JSON.readTree(key) : null);
		this.alice.write(TestRelay.JSON.writeValueAsString(wrapper));
		awaitRejections(RejectionReason.MALFORMED);
		exchange(this.alice, "go on");
		assertThat(this.relay.messages().get(0).has("history_record")).isFalse();
		assertThat(this.handled).hasSize(1);
	}

	@Test
	void conversationWhoseIdCannotBeInARecordGetsNoArchive() {
		TestPerson bob = new TestPerson(this.relay, "bob", "c:1", "phone").startSession();
		bob.write(delivery("Hello", "h-1", KEY));
		awaitRejections(RejectionReason.MALFORMED);
		exchange(bob, "without an archive");
	}

	@Test
	void messagesToAGroupAreArchivedToo() {
		TestGroup group = new TestGroup(this.relay, "c-1");
		group.distribute(this.alice);
		awaitAcknowledged(group.write("bob", delivery("Hello", "h-1", KEY)));
		assertThat(group.read()).containsExactly("Received: Hello");
		assertThat(archived(0)).isEqualTo("Received: Hello");
		awaitAcknowledged(this.alice.write("to the agent alone"));
		assertThat(isArchived(1)).isFalse();
	}

	@Test
	void keyOfAGroupIsNeverReplacedWhoeverDeliversAnother() {
		TestGroup group = new TestGroup(this.relay, "c-1");
		group.distribute(this.alice);
		awaitAcknowledged(group.write("bob", delivery("one", "h-1", KEY)));
		group.write("alice", delivery("two", "h-1", OTHER_KEY));
		awaitRejections(RejectionReason.HISTORY_KEY_CHANGED);
	}

	@Test
	void keyIsKeptOverARestart() {
		awaitAcknowledged(this.alice.write(delivery("before", "h-1", KEY)));
		this.agent.restart((message, conversation) -> Mono.just(new Reply("Again: " + message.text())));
		awaitAcknowledged(this.alice.write("after"));
		assertThat(archived(1)).isEqualTo("Again: after");
	}

	@Test
	void whatTheApplicationSendsIsArchivedToo() {
		awaitAcknowledged(this.alice.write(delivery("Hello", "h-1", KEY)));
		this.agent.client().conversation("alice", "c-1").sendMessage("By the way").block();
		await().until(() -> this.relay.messages().size() == 2);
		assertThat(archived(1)).isEqualTo("By the way");
	}

	private String archived(int index) {
		return archived(index, KEY);
	}

	private String archived(int index, byte[] key) {
		JsonNode frame = this.relay.messages().get(index);
		JsonNode record = frame.get("history_record");
		return new ConversationHistory(key).open(HistoryRecord.parse(record.toString()),
				new HistoryContext("c-1", frame.get("id").stringValue(), "agent-1", SenderType.AGENT, "h-1", 1));
	}

	private boolean isArchived(int index) {
		return this.relay.messages().get(index).has("history_record");
	}

	private static String delivery(String body, String keyId, byte[] key) {
		Map<String, Object> wrapper = new LinkedHashMap<>();
		wrapper.put("type", "pacerelle.delivery");
		wrapper.put("v", 1);
		wrapper.put("body", body);
		wrapper.put("history_key",
				Map.of("key_id", keyId, "epoch", 1, "raw_key_b64", Base64.getEncoder().encodeToString(key)));
		return TestRelay.JSON.writeValueAsString(wrapper);
	}

	private void exchange(TestPerson person, String text) {
		awaitAcknowledged(person.write(text));
		assertThat(person.readNew()).containsExactly("Received: " + text);
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
