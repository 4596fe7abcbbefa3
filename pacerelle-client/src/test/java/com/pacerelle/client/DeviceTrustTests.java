package com.pacerelle.client;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.pacerelle.client.GatewayEvent.DeviceAdded;
import com.pacerelle.client.GatewayEvent.MessageRejected;
import com.pacerelle.client.GatewayEvent.Novelty;
import com.pacerelle.client.GatewayEvent.RejectionReason;
import com.pacerelle.client.KnownDevice.Trust;
import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.Reply;
import com.pacerelle.client.store.Change;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

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
		StepVerifier.create(agent().client().sendMessage("alice", "c-1", "By the way")).verifyError();
		exchange(phone, "still me");
		agent().client().sendMessage("alice", "c-1", "By the way").block();
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
	void nobodyDecidesOnACodeThatThePersonDoesNotHave() {
		start(NewDevicePolicy.NOTIFY);
		TestPerson phone = person("alice", "c-1", "phone");
		exchange(phone, "hello");
		StepVerifier.create(agent().client().trustDevice("bob", phone.verificationCode()))
			.verifyError(IllegalArgumentException.class);
	}

	private void start(NewDevicePolicy policy) {
		this.agent = new TestAgent(this.relay, this.root,
				(settings) -> settings.handling((handling) -> handling.newDevice(policy)), this::handle)
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
