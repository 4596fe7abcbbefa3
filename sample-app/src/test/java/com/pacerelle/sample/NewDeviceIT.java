package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.replies;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The relay attacks: it invents a device of Alice, or another identity for the one she
 * has (gateway.md section 11).
 */
@RequiresPython
class NewDeviceIT {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	private AgentProcess agent;

	private NativePerson alice;

	@AfterEach
	void stop() {
		this.agent.close();
	}

	@Test
	void inventedDeviceIsTold() {
		start("notify");
		this.peer.join("mallory", "alice", "conv-alice", "laptop").send("I am Alice");
		this.peer.await(allAcknowledged());
		assertThat(this.agent.log()).contains("alice writes from device laptop in conversation conv-alice"
				+ " under an identity that is new, as is the device, verification code ");
	}

	@Test
	void anotherIdentityOfTheSameDeviceInANewConversationIsTold() {
		start("notify");
		this.peer.join("mallory", "alice", "conv-other", "phone").send("I am Alice");
		this.peer.await(allAcknowledged());
		assertThat(this.agent.log()).contains("alice writes from device phone in conversation conv-other"
				+ " under another identity than in other conversations, verification code ");
	}

	@Test
	void inventedDeviceIsNotServedBeforeAliceHasAllowedIt() {
		start("approve");
		NativePerson mallory = this.peer.join("mallory", "alice", "conv-alice", "laptop");
		mallory.send(Messages.of("I am Alice").unanswered());
		String question = questionTo(this.alice);
		mallory.send(Messages.exactly(answer(question, true), "").unanswered());
		this.alice.send(Messages.exactly(answer(question, false), "").unanswered());
		this.agent.awaitLog("device laptop of alice with verification code");
		mallory.send(Messages.of("please").unanswered());
		this.alice.send("after the attack");
		this.peer.await(unacknowledged(3));
		assertThat(mallory.replies()).isEmpty();
		assertThat(this.alice.replies().get(this.alice.replies().size() - 1).text()).endsWith("after the attack");
	}

	@Test
	void refusedIdentityGetsNothingInAnyConversation() {
		start("approve");
		NativePerson mallory = this.peer.join("mallory", "alice", "conv-alice", "laptop");
		mallory.send(Messages.of("I am Alice").unanswered());
		this.alice.send(Messages.exactly(answer(questionTo(this.alice), false), "").unanswered());
		this.agent.awaitLog("is refused");
		mallory.startOver();
		String here = mallory.send(Messages.of("here").unanswered()).ids().get(0);
		mallory.startOver();
		String elsewhere = mallory
			.send(Messages.of("elsewhere").unanswered().withField("conversation_id", "conv-elsewhere"))
			.ids()
			.get(0);
		this.alice.send("after the attack");
		this.peer.await(unacknowledged(3));
		assertThat(this.peer.stats().unacked()).contains(here, elsewhere);
		assertThat(this.peer.check(this.alice, mallory).faults()).isEmpty();
		assertThat(mallory.replies()).isEmpty();
		assertThat(this.agent.log()).contains("its device was refused");
	}

	@Test
	void howManyMessagesAndDevicesWaitIsBounded() {
		start("approve");
		NativePerson mallory = this.peer.join("mallory", "alice", "conv-alice", "laptop-0");
		mallory.send(Messages.numbered(25).unanswered());
		for (int device = 1; device <= 12; device++) {
			this.peer.join("mallory-" + device, "alice", "conv-alice", "laptop-" + device)
				.send(Messages.numbered(1).unanswered());
		}
		this.alice.send("after the attack");
		this.peer.await(replies(12), unacknowledged(37));
		assertThat(this.peer.check(this.alice).faults()).isEmpty();
		assertThat(this.agent.log()).contains("no more messages can wait");
		assertThat(this.agent.log().lines().filter((line) -> line.contains("writes from device laptop"))).hasSize(10);
	}

	@Test
	void anotherIdentityOfTheSameDeviceIsServedOnceAliceHasAllowedIt() {
		start("approve");
		int connections = this.peer.stats().connections();
		NativePerson same = this.peer.join("same", "alice", "conv-other", "phone");
		same.send("It is me, in another conversation");
		String question = questionTo(this.alice);
		assertThat(same.replies()).isEmpty();
		this.alice.send(Messages.exactly(answer(question, true), "").unanswered());
		this.peer.await(connections(connections + 1), allAcknowledged());
		assertThat(same.replies()).hasSize(1);
		same.send("and again");
		this.peer.await(allAcknowledged());
		assertThat(same.replies()).hasSize(2);
	}

	private void start(String policy) {
		this.agent = AgentProcess
			.sample(this.peer.access(), "--pacerelle.trust.new-device=" + policy,
					"--pacerelle.reconnect.min-backoff=50ms")
			.start();
		this.peer.await(connected());
		this.alice = this.peer.join("alice", "alice", "conv-alice", "phone");
		this.alice.send("before everything");
		this.peer.await(allAcknowledged());
	}

	private String questionTo(NativePerson person) {
		await().atMost(Duration.ofSeconds(30)).until(() -> person.replies().size() == 2);
		List<ReceivedReply> replies = person.replies();
		JsonNode question = MAPPER.readTree(replies.get(1).text());
		assertThat(question.get("kind").stringValue()).isEqualTo("permission");
		String code = question.get("spec").get("body").stringValue();
		assertThat(this.agent.log()).contains("verification code " + code);
		return question.get("id").stringValue();
	}

	private static String answer(String widget, boolean granted) {
		return "{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":\"" + widget
				+ "\",\"value\":{\"granted\":" + granted + ",\"scope\":\"once\"}}";
	}

}
