package com.pacerelle.sample;

import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Attackers on the published SDK's native runtime deliver archive keys, to open what is
 * said to others (gateway.md section 11).
 */
@RequiresPython
class ArchiveKeyIT {

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private AgentProcess agent;

	private NativePerson alice;

	@BeforeEach
	void start() {
		this.agent = AgentProcess.sample(this.peer.access()).start();
		this.peer.await(connected());
		this.alice = this.peer.join("alice", "alice", "conv-alice", "phone");
	}

	@AfterEach
	void everythingWasServed() {
		this.peer.await(allAcknowledged());
	}

	@Test
	void keyOfAnotherPersonOpensNothingThatIsSaidToAlice() {
		NativePerson mallory = this.peer.join("mallory", "mallory", "conv-alice", "phone");
		deliver(mallory, 6);
		say(this.alice, "my secret");
		assertThat(archived(mallory, 6)).containsExactly("Received: hello");
		assertThat(records(this.alice)).allMatch(JsonNode::isMissingNode);
		deliver(this.alice, 9);
		say(mallory, "and now");
		assertThat(archived(mallory, 6)).containsExactly("Received: hello", "Received: and now");
		assertThat(records(this.alice).get(0).isMissingNode()).isTrue();
		assertThat(open(this.alice.replies().get(1), 9)).isEqualTo("Received: hello");
	}

	@Test
	void keyOfADeviceThatTheRelayInventsOpensNothingThatIsSaidToThePhone() {
		say(this.alice, "before");
		NativePerson invented = this.peer.join("invented", "alice", "conv-alice", "invented");
		deliver(invented, 6);
		say(this.alice, "my secret");
		assertThat(archived(invented, 6)).containsExactly("Received: hello");
		assertThat(records(this.alice)).allMatch(JsonNode::isMissingNode);
	}

	@Test
	void keyOfTheFirstDeviceIsUsedForTheOthersToo() {
		NativePerson tablet = this.peer.join("tablet", "alice", "conv-alice", "tablet");
		deliver(this.alice, 9);
		say(tablet, "one");
		deliver(tablet, 9);
		say(this.alice, "two");
		assertThat(archived(this.alice, 9)).containsExactly("Received: hello", "Received: two");
		assertThat(archived(tablet, 9)).containsExactly("Received: one", "Received: hello");
	}

	private void deliver(NativePerson person, int key) {
		say(person, "{\"type\":\"pacerelle.delivery\",\"v\":1,\"body\":\"hello\",\"history_key\":"
				+ "{\"key_id\":\"archive-1\",\"epoch\":1,\"raw_key_b64\":\"" + key(key) + "\"}}");
	}

	private static void say(NativePerson person, String text) {
		int replies = person.replies().size();
		person.send(Messages.exactly(text, "").unanswered());
		await().atMost(Duration.ofSeconds(30)).until(() -> person.replies().size() > replies);
	}

	private static List<JsonNode> records(NativePerson person) {
		return person.replies().stream().map((reply) -> reply.envelope().path("history_record")).toList();
	}

	private List<String> archived(NativePerson person, int key) {
		return person.replies().stream().map((reply) -> open(reply, key)).toList();
	}

	private String open(ReceivedReply reply, int key) {
		return this.peer.openHistory(reply.envelope().path("history_record"), key(key),
				Map.of("conversation_id", "conv-alice", "message_id", reply.envelope().get("id").stringValue(),
						"sender_id", "agent-1", "sender_type", "agent", "key_id", "archive-1", "epoch", 1));
	}

	private static String key(int value) {
		byte[] key = new byte[32];
		Arrays.fill(key, (byte) value);
		return Base64.getEncoder().encodeToString(key);
	}

}
