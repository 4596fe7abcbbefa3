package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;

import com.pacerelle.client.GatewayEvent.DeviceAdded;
import com.pacerelle.client.GatewayEvent.MessageRejected;
import com.pacerelle.client.GatewayEvent.Novelty;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.KnownDevice.Trust;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.Receipt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * New identities of known people: what the relay could have invented (gateway.md section
 * 11).
 */
class DeviceTrustTests {

	@TempDir
	private Path root;

	private final TestRelay relay = new TestRelay();

	private final List<AgentMessage> handled = new CopyOnWriteArrayList<>();

	private @Nullable TestAgent agent;

	@AfterEach
	void stop() {
		agent().close();
		this.relay.close();
	}

	@Test
	void newDeviceOfAKnownPersonIsToldAndServed() {
		start(NewDevicePolicy.NOTIFY);
		exchange(person("alice", "c-1", "phone"), "hello");
		try (LogCapture log = new LogCapture()) {
			TestPerson laptop = person("alice", "c-1", "laptop");
			exchange(laptop, "hello");
			exchange(laptop, "again");
			exchange(person("bob", "c-2", "phone"), "hello");
			awaitAdded(Novelty.NEW_DEVICE);
			KnownDevice device = agent().events(DeviceAdded.class).get(0).device();
			assertThat(device.userId()).isEqualTo("alice");
			assertThat(device.deviceId()).isEqualTo("laptop");
			assertThat(device.conversationId()).isEqualTo("c-1");
			assertThat(device.verificationCode()).isEqualTo(laptop.verificationCode());
			assertThat(device.firstSeen()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
			assertThat(device.trust()).isEqualTo(Trust.TRUSTED);
			assertThat(log.lines().stream().filter((line) -> line.startsWith("WARN"))).singleElement()
				.asString()
				.contains("alice", "laptop", "c-1", laptop.verificationCode(), "refuseDevice");
		}
	}

	@Test
	void sameDeviceWithAnotherIdentityInANewConversationIsToldAndServed() {
		start(NewDevicePolicy.NOTIFY);
		exchange(person("alice", "c-1", "phone"), "hello");
		exchange(person("alice", "c-2", "phone"), "it is me, with another key");
		awaitAdded(Novelty.DIFFERENT_ELSEWHERE);
	}

	@Test
	void sameIdentityInANewConversationIsNotTold() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		exchange(phone.in("c-2").startSession(), "hello");
		exchange(person("alice", "c-1", "laptop"), "hello");
		awaitAdded(Novelty.NEW_DEVICE);
		assertThat(agent().client().devices("alice"))
			.extracting(KnownDevice::conversationId, KnownDevice::verificationCode)
			.startsWith(tuple("c-1", phone.verificationCode()), tuple("c-2", phone.verificationCode()));
	}

	@Test
	void deviceThatLeavesTheSharedSessionForAnIdentityOfItsOwnHasChanged() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson old = person("alice", "c-1", null);
		exchange(old, "first, without a device");
		Map<String, Object> frame = old.frame("then with one");
		frame.put("from_device_id", "tablet");
		this.relay.deliver(frame);
		await().until(() -> this.relay.acknowledged().contains(frame.get("id")));
		String id = person("alice", "c-1", "tablet").write("now with a session of its own");
		await().until(() -> this.relay.acknowledged().contains(id));
		awaitAdded(Novelty.CHANGED);
	}

	@Test
	void newIdentityIsInTheCommitOfItsFirstMessageAndTheToldOnesAreKnownAfterARestart() {
		start(NewDevicePolicy.NOTIFY);
		exchange(person("alice", "c-1", "phone"), "hello");
		exchange(person("alice", "c-1", "laptop"), "hello");
		assertThat(agent().store()
			.commits()
			.stream()
			.filter((changes) -> changes.stream().anyMatch(Change.IdentityKnown.class::isInstance))).hasSize(2)
			.allMatch((changes) -> changes.stream().anyMatch(Change.MessagePending.class::isInstance));
		List<KnownDevice> devices = agent().client().devices("alice");
		agent().restart(this::handle);
		assertThat(agent().client().devices("alice")).isEqualTo(devices).hasSize(2);
	}

	@Test
	void newDeviceIsServedWithoutAWordWhenAllAreAccepted() {
		start(NewDevicePolicy.ACCEPT);
		exchange(person("alice", "c-1", "phone"), "hello");
		try (LogCapture log = new LogCapture()) {
			exchange(person("alice", "c-1", "laptop"), "hello");
			assertThat(log.lines()).noneMatch((line) -> line.startsWith("WARN"));
		}
		assertThat(agent().client().devices("alice")).hasSize(2);
	}

	@Test
	void nothingIsTakenFromARefusedDeviceAndNothingSentToIt() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		exchange(laptop, "hello");
		agent().client().refuseDevice("alice", laptop.verificationCode()).block();
		laptop.write("let me in");
		awaitRejections(RejectionReason.DEVICE_REFUSED);
		laptop.in("c-2").startSession().write("somewhere else");
		awaitRejections(RejectionReason.DEVICE_REFUSED, RejectionReason.DEVICE_REFUSED);
		StepVerifier.create(agent().client().conversation("alice", "c-1").sendMessage("By the way")).verifyError();
		exchange(phone, "still me");
		agent().client().conversation("alice", "c-1").sendMessage("By the way").block();
		await().untilAsserted(() -> assertThat(phone.readNew()).containsExactly("By the way"));
		assertThat(laptop.readNew()).isEmpty();
		assertThat(agent().client().devices("alice")).extracting(KnownDevice::trust)
			.containsExactly(Trust.TRUSTED, Trust.REFUSED);
	}

	@Test
	void refusedDeviceCanBeTrustedAgain() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		agent().client().refuseDevice("alice", phone.verificationCode()).block();
		agent().client().trustDevice("alice", phone.verificationCode()).block();
		exchange(phone, "it was me");
		assertThat(agent().events(GatewayEvent.DeviceDecided.class)).extracting((event) -> event.device().trust())
			.containsExactly(Trust.REFUSED, Trust.TRUSTED);
	}

	@Test
	void appThatIsInstalledAnewIsReadOnceItsOldIdentityIsForgotten() {
		start(NewDevicePolicy.NOTIFY);
		exchange(person("alice", "c-1", "tablet"), "hello");
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		exchange(phone.in("c-2").startSession(), "hello");
		agent().client().refuseDevice("alice", phone.verificationCode()).block();
		TestPerson installedAnew = person("alice", "c-1", "phone");
		installedAnew.write("it is me");
		awaitRejections(RejectionReason.DEVICE_REFUSED);
		agent().client().forgetDevice("alice", phone.verificationCode()).block();
		assertThat(agent().client().devices("alice")).extracting(KnownDevice::deviceId).containsExactly("tablet");
		TestPerson again = person("alice", "c-1", "phone");
		assertServed(again, "it is me, and new");
		assertServed(again, "still me");
		phone.write("the old session is gone");
		awaitRejections(RejectionReason.DEVICE_REFUSED, RejectionReason.UNDECRYPTABLE);
		assertServed(person("alice", "c-2", "phone"), "here with another identity");
		assertThat(agent().events(GatewayEvent.DeviceForgotten.class)).singleElement()
			.extracting((event) -> event.device().verificationCode())
			.isEqualTo(phone.verificationCode());
	}

	@Test
	void forgottenDeviceIsApprovedLikeANewOneAndWhatItSaidBeforeIsRejected() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		Map<String, Object> first = laptop.frame("hello");
		this.relay.deliver(first);
		awaitQuestion(phone, laptop);
		agent().client().forgetDevice("alice", laptop.verificationCode()).block();
		assertThat(agent().client().waitingDevices()).isEmpty();
		Receipt receipt = agent().store().receipt((String) first.get("id"));
		assertThat(receipt).isNotNull();
		assertThat(receipt.state()).isEqualTo(Receipt.State.REJECTED);
		this.relay.deliver(first);
		String id = laptop.startSession().write("hello again");
		answer(phone, awaitQuestion(phone, laptop), true);
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(this.handled).extracting(AgentMessage::text).containsExactly("hello", "hello again");
		assertThat(this.relay.acknowledged()).doesNotContain((String) first.get("id"));
	}

	@Test
	void pendingMessageOfARefusedDeviceIsNotHandledOnceItIsForgotten() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		agent().restart((message, conversation) -> Mono.never());
		String id = phone.write("never answered");
		await().until(() -> agent().store().receipt(id) != null);
		agent().client().refuseDevice("alice", phone.verificationCode()).block();
		agent().client().forgetDevice("alice", phone.verificationCode()).block();
		agent().restart(this::handle);
		assertServed(person("alice", "c-1", "phone"), "hello again");
		assertThat(this.handled).extracting(AgentMessage::text).containsExactly("hello", "hello again");
	}

	@Test
	void nobodyForgetsOrDecidesOnACodeThatThePersonDoesNotHave() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		StepVerifier.create(agent().client().trustDevice("bob", phone.verificationCode()))
			.verifyError(IllegalArgumentException.class);
		StepVerifier.create(agent().client().forgetDevice("bob", phone.verificationCode()))
			.verifyError(IllegalArgumentException.class);
	}

	@Test
	void newDeviceWaitsUntilAKnownOneHasAllowedIt() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "the first device is trusted");
		TestPerson laptop = person("alice", "c-1", "laptop");
		String first = laptop.write("hello");
		JsonNode question = awaitQuestion(phone, laptop);
		String second = laptop.write("hello?");
		awaitAdded(Novelty.NEW_DEVICE);
		assertThat(agent().client().waitingDevices()).extracting(KnownDevice::deviceId, KnownDevice::trust)
			.containsExactly(tuple("laptop", Trust.WAITING));
		agent().client().conversation("alice", "c-1").sendMessage("By the way").block();
		await().untilAsserted(() -> assertThat(phone.readNew()).containsExactly("By the way"));
		assertThat(this.handled).hasSize(1);
		assertThat(this.relay.acknowledged()).doesNotContain(first, second);

		String answer = answer(phone, question, true);
		await().until(() -> this.relay.acknowledged().containsAll(List.of(answer, first, second)));
		assertThat(laptop.readNew()).containsExactly("Received: hello", "Received: hello?");
		assertThat(this.handled).hasSize(3);
		assertThat(agent().client().waitingDevices()).isEmpty();
		exchange(laptop, "thank you");
		exchange(phone, "not at all");
	}

	@Test
	void applicationSaysWhatIsAskedAboutANewDevice() {
		start(NewDevicePolicy.APPROVE, (waiting) -> waiting.deviceId() + "?");
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		laptop.write("hello");
		JsonNode spec = awaitQuestion(phone, laptop).get("spec");
		assertThat(spec.get("title").stringValue()).isEqualTo("laptop?");
		assertThat(spec.get("body").stringValue()).isEqualTo(laptop.verificationCode());
	}

	@Test
	void nobodyIsAskedAboutANewDeviceWithoutAWord() {
		start(NewDevicePolicy.APPROVE, (waiting) -> "");
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		person("alice", "c-1", "laptop").write("hello");
		awaitAdded(Novelty.NEW_DEVICE);
		exchange(phone, "still me");
		assertThat(agent().client().waitingDevices()).hasSize(1);
	}

	@Test
	void deviceThatAKnownOneDoesNotAllowIsRefusedForGood() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		String id = laptop.write("I am Alice");
		String answer = answer(phone, awaitQuestion(phone, laptop), false);
		await().until(() -> this.relay.acknowledged().contains(answer));
		laptop.write("really");
		awaitRejections(RejectionReason.DEVICE_REFUSED);
		Receipt receipt = agent().store().receipt(id);
		assertThat(receipt).isNotNull();
		assertThat(receipt.state()).isEqualTo(Receipt.State.REJECTED);
		assertThat(receipt.payload()).isNull();
		assertThat(this.handled).hasSize(1);
		exchange(phone, "thank you");
	}

	@Test
	void operatorDecidesAsWell() {
		start(NewDevicePolicy.APPROVE);
		exchange(person("alice", "c-1", "phone"), "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		String id = laptop.write("hello");
		awaitAdded(Novelty.NEW_DEVICE);
		agent().client().trustDevice("alice", laptop.verificationCode()).block();
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(laptop.readNew()).containsExactly("Received: hello");
	}

	@Test
	void deviceWithAnIdentityForEachConversationIsAskedWhereItIsKnown() {
		start(NewDevicePolicy.APPROVE);
		TestPerson known = person("alice", "c-1", "phone");
		exchange(known, "hello");
		TestPerson unknown = person("alice", "c-2", "phone");
		String id = unknown.write("it is me, with another key");
		answer(known, awaitQuestion(known, unknown), true);
		await().until(() -> this.relay.acknowledged().contains(id));
		awaitAdded(Novelty.DIFFERENT_ELSEWHERE);
		assertThat(unknown.readNew()).containsExactly("Received: it is me, with another key");
		exchange(unknown, "thank you");
	}

	@Test
	void onlyADeviceThatWasTrustedBeforeDecides() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		laptop.write("I am Alice");
		JsonNode question = awaitQuestion(phone, laptop);
		answer(laptop, question, true);
		TestPerson later = person("alice", "c-1", "tablet");
		later.write("me too");
		awaitQuestion(phone, later);
		agent().client().trustDevice("alice", later.verificationCode()).block();
		laptop.in("c-2").startSession().write("I am Alice, in another conversation");
		await().until(() -> agent().store().waitingMessages("alice", "laptop") == 3);
		String tooLate = answer(later, question, true);
		TestPerson bob = person("bob", "c-1", "phone");
		String foreign = answer(bob, question, true);
		await().until(() -> this.relay.acknowledged().containsAll(List.of(tooLate, foreign)));
		assertThat(agent().client().waitingDevices()).extracting(KnownDevice::deviceId)
			.containsExactly("laptop", "laptop");
		assertThat(this.handled).extracting(AgentMessage::text).containsExactlyInAnyOrder("hello", "me too");
	}

	@Test
	void onlySoManyMessagesOfADeviceWaitAndTheOthersComeAgain() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		List<String> ids = IntStream.range(0, 22).mapToObj((i) -> laptop.write("text " + i)).toList();
		awaitRejections(RejectionReason.DEVICE_WAITING, RejectionReason.DEVICE_WAITING);
		assertThat(agent().store().waitingMessages("alice", "laptop")).isEqualTo(20);
		answer(phone, awaitQuestion(phone, laptop), true);
		await().until(() -> this.relay.acknowledged().containsAll(ids));
		assertThat(laptop.readNew()).hasSize(22);
	}

	@Test
	void inventedDevicesWaitInALimitedNumber() {
		start(NewDevicePolicy.APPROVE);
		exchange(person("alice", "c-1", "phone"), "hello");
		IntStream.range(0, 11).forEach((i) -> person("alice", "c-1", "invented-" + i).write("I am Alice"));
		awaitRejections(RejectionReason.DEVICE_WAITING);
		assertThat(agent().client().waitingDevices()).hasSize(10);
	}

	@Test
	void questionIsAskedOnceAlsoWhenTheStoreFailsAndTheAgentStartsAgain() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		AtomicBoolean failing = new AtomicBoolean(true);
		agent().store()
			.fail((changes) -> changes.stream().anyMatch(Change.IdentityDecided.class::isInstance)
					&& failing.getAndSet(false));
		TestPerson laptop = person("alice", "c-1", "laptop");
		String id = laptop.write("hello");
		JsonNode question = awaitQuestion(phone, laptop);
		agent().restart(this::handle);
		String second = laptop.write("hello?");
		await().until(() -> agent().store().waitingMessages("alice", "laptop") == 2);
		assertThat(phone.readNew()).isEmpty();
		answer(phone, question, true);
		await().until(() -> this.relay.acknowledged().containsAll(List.of(id, second)));
	}

	@Test
	void whoeverWaitsIsLetInWhenNobodyIsAskedAnyMore() {
		start(NewDevicePolicy.APPROVE);
		exchange(person("alice", "c-1", "phone"), "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		String id = laptop.write("hello");
		awaitAdded(Novelty.NEW_DEVICE);
		agent().close();
		start(NewDevicePolicy.NOTIFY);
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(laptop.readNew()).containsExactly("Received: hello");
	}

	@Test
	void archiveKeyOfADeviceThatWaitsIsNotTaken() {
		start(NewDevicePolicy.APPROVE);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		TestPerson laptop = person("alice", "c-1", "laptop");
		String id = laptop.write("{\"type\":\"pacerelle.delivery\",\"v\":1,\"body\":\"hello\",\"history_key\":"
				+ "{\"key_id\":\"k\",\"epoch\":1,\"raw_key_b64\":\"" + "A".repeat(43) + "=\"}}");
		JsonNode question = awaitQuestion(phone, laptop);
		exchange(phone, "not for the archive of somebody else");
		assertThat(agent().store().committed()).noneMatch(Change.HistoryKeyDelivered.class::isInstance);
		answer(phone, question, true);
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(laptop.readNew()).containsExactly("Received: hello");
		assertThat(agent().store().committed()).anyMatch(Change.HistoryKeyDelivered.class::isInstance);
	}

	private JsonNode awaitQuestion(TestPerson known, TestPerson unknown) {
		List<JsonNode> questions = new ArrayList<>();
		await().untilAsserted(() -> {
			known.readNew().stream().map(TestRelay.JSON::readTree).forEach(questions::add);
			assertThat(questions).hasSize(1);
		});
		JsonNode question = questions.get(0);
		assertThat(question.get("kind").stringValue()).isEqualTo("permission");
		assertThat(question.get("spec").get("body").stringValue()).contains(unknown.verificationCode());
		return question;
	}

	private static String answer(TestPerson person, JsonNode question, boolean granted) {
		return person.write("{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":"
				+ question.get("id") + ",\"value\":{\"granted\":" + granted + ",\"scope\":\"once\"}}");
	}

	private void start(NewDevicePolicy policy) {
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.newDevice(policy)), this::handle)
			.start();
	}

	private void start(NewDevicePolicy policy, Function<KnownDevice, String> question) {
		AgentMessageHandler handler = new AgentMessageHandler() {

			@Override
			public Mono<Reply> handle(AgentMessage message, Conversation conversation) {
				return DeviceTrustTests.this.handle(message, conversation);
			}

			@Override
			public String sentenceFor(KnownDevice waiting) {
				return question.apply(waiting);
			}

		};
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.newDevice(policy)), handler)
			.start();
	}

	private Mono<Reply> handle(AgentMessage message, Conversation conversation) {
		this.handled.add(message);
		return Mono.just(new Reply("Received: " + message.text()));
	}

	private TestAgent agent() {
		assertThat(this.agent).isNotNull();
		return this.agent;
	}

	private TestPerson person(String userId, String conversationId, @Nullable String deviceId) {
		return new TestPerson(this.relay, userId, conversationId, deviceId).startSession();
	}

	private String exchange(TestPerson person, String text) {
		String id = person.write(text);
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(person.readNew()).containsExactly("Received: " + text);
		return id;
	}

	/** Also if another app on the same device has got messages before. */
	private void assertServed(TestPerson person, String text) {
		String id = person.write(text);
		await().until(() -> this.relay.acknowledged().contains(id));
		List<JsonNode> messages = this.relay.messages();
		assertThat(person.decrypt(messages.get(messages.size() - 1))).isEqualTo("Received: " + text);
	}

	private void awaitAdded(Novelty... novelties) {
		await().untilAsserted(() -> assertThat(agent().events(DeviceAdded.class)).extracting(DeviceAdded::novelty)
			.containsExactly(novelties));
	}

	private void awaitRejections(RejectionReason... reasons) {
		await()
			.untilAsserted(() -> assertThat(agent().events(MessageRejected.class)).extracting(MessageRejected::reason)
				.containsExactly(reasons));
	}

}
