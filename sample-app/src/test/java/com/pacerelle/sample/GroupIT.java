package com.pacerelle.sample;

import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

import com.pacerelle.client.history.ConversationHistory;
import com.pacerelle.client.history.HistoryContext;
import com.pacerelle.client.history.HistoryRecord;
import com.pacerelle.sample.NativeGroup.GroupReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Groups and archives whose members are on the published SDK: its native runtime for
 * sessions, its own functions for the rest.
 */
@RequiresPython
class GroupIT {

	private static final byte[] ARCHIVE_KEY = new byte[32];

	static {
		Arrays.fill(ARCHIVE_KEY, (byte) 9);
	}

	private static final String ARCHIVE_KEY_B64 = Base64.getEncoder().encodeToString(ARCHIVE_KEY);

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private AgentProcess agent;

	private final NativePerson anna = this.peer.join("anna", "anna", "team", "phone");

	private final NativePerson bela = this.peer.join("bela", "bela", "team", null);

	private final NativeGroup group = this.peer.group("team");

	@BeforeEach
	void startAgent() {
		this.agent = AgentProcess.sample(this.peer.access()).start();
		this.peer.await(connected());
	}

	@AfterEach
	void nothingWasAgainstTheProtocol() {
		assertThat(this.peer.check(this.anna, this.bela).faults()).isEmpty();
	}

	@Test
	void membersAreAnsweredInTheGroup() {
		this.group.distribute(this.anna);
		String first = this.group.send(this.anna, "one");
		String second = this.group.send(this.bela, "two");
		this.peer.await(allAcknowledged());
		assertThat(this.group.texts()).containsExactly("Received: one", "Received: two");
		assertThat(this.group.replies()).extracting(GroupReply::replyTo).containsExactly(first, second);
		this.anna.send("to the agent alone");
		this.peer.await(allAcknowledged());
		assertThat(this.anna.replies()).hasSize(1);
	}

	@Test
	void keysAreRotatedAndOlderMessagesStillRead() {
		this.group.distribute(this.anna);
		this.group.send(this.bela, "one");
		this.peer.await(allAcknowledged());
		this.group.rotate(5);
		this.group.distribute(this.anna);
		this.group.rotate(4);
		this.group.distribute(this.bela);
		this.group.send(this.bela, "with an older key");
		this.peer.await(allAcknowledged());
		assertThat(this.group.replies()).extracting(GroupReply::keyId).containsExactly("key-1", "key-5");
	}

	@Test
	void lateMemberGivesTheKeyAndIsAnswered() {
		this.group.distribute(this.anna);
		this.group.send(this.anna, "before");
		this.peer.await(allAcknowledged());
		NativePerson chiara = this.peer.join("chiara", "chiara", "team", "desk");
		this.group.rotate(2);
		this.group.distribute(chiara);
		this.group.send(chiara, "I am new here");
		this.peer.await(allAcknowledged());
		assertThat(this.group.texts()).containsExactly("Received: before", "Received: I am new here");
	}

	@Test
	void messageWhoseKeyIsMissingIsAnsweredWhenTheKeyIsThere() {
		this.group.send(this.anna, "too early");
		this.agent.awaitLog("no member of the group has given this agent the key");
		assertThat(this.peer.stats().unacked()).hasSize(1);
		this.group.distribute(this.bela);
		this.peer.cut();
		this.peer.await(connections(2), allAcknowledged());
		assertThat(this.group.texts()).containsExactly("Received: too early");
	}

	@Test
	void tamperedMessagesAreRefusedAndTheGroupGoesOn() {
		this.group.distribute(this.anna);
		this.group.send(this.anna, "before");
		this.peer.await(allAcknowledged());
		String wrongBit = this.group.sendTampered(this.bela, "forged");
		this.group.rotate(2);
		this.group.distribute(this.anna);
		String wrongEpoch = this.group.sendTampered(this.bela, "forged", Map.of("key_id", "key-1", "epoch", 1));
		String wrongGroup = this.group.sendTampered(this.bela, "forged", Map.of("conversation_id", "other"));
		this.group.send(this.bela, "after");
		this.peer.await(unacknowledged(3));
		assertThat(this.group.texts()).containsExactly("Received: before", "Received: after");
		assertThat(this.peer.stats().unacked()).containsExactly(wrongBit, wrongEpoch, wrongGroup);
	}

	@Test
	void forgedEnvelopesAreSkippedAndNeverKeepTheRightOneOut() {
		NativePerson stranger = this.peer.join("stranger", "anna", "team", "phone");
		this.anna.send("It is me");
		this.peer.await(allAcknowledged());
		this.group.distribute(stranger);
		this.group.distribute(this.bela, Map.of("sender_id", "anna"), Map.of());
		this.group.distribute(this.bela, Map.of("epoch", 9), Map.of());
		this.group.distribute(this.bela, Map.of(), Map.of("key_id", "another"));
		this.group.distribute(this.bela, Map.of("envelope_b64", "AQID"), Map.of());
		this.group.distribute(this.bela);
		this.group.send(this.anna, "Hello");
		this.peer.await(allAcknowledged());
		assertThat(this.group.texts()).containsExactly("Received: Hello");
	}

	@Test
	void copiedMessageIsNeverHandledAgain() {
		this.group.distribute(this.anna);
		String original = this.group.send(this.anna, "Delete the cache");
		this.peer.await(allAcknowledged());
		String underAnotherName = this.group.copy(original, this.bela);
		this.agent.awaitLog("it was decrypted before under another message id");
		this.agent.kill();
		this.peer.await(disconnected());
		this.agent.start();
		this.group.rotate(2);
		this.group.distribute(this.anna);
		String afterARotation = this.group.copy(original, this.anna);
		this.group.send(this.bela, "after");
		this.peer.await(connections(2), unacknowledged(2));
		assertThat(this.group.texts()).containsExactly("Received: Delete the cache", "Received: after");
		assertThat(this.peer.stats().unacked()).containsExactly(underAnotherName, afterARotation);
	}

	@Test
	void hugeEpochAndCountlessEnvelopesOfOneMemberTakeNothingFromTheOthers() {
		this.group.distribute(this.anna);
		this.group.send(this.bela, "before");
		this.peer.await(allAcknowledged());
		Map<String, ?> huge = Map.of("key_id", "huge", "epoch", (1L << 53) - 1);
		this.group.distribute(this.bela, huge, huge);
		for (int i = 0; i < 200; i++) {
			this.group.distribute(this.bela, Map.of("key_id", "many-" + i, "epoch", 1000 + i), Map.of());
		}
		this.group.send(this.anna, "go on");
		this.peer.await(allAcknowledged());
		this.group.rotate(2);
		this.group.distribute(this.anna);
		this.group.send(this.bela, "with a new key");
		this.peer.await(allAcknowledged());
		assertThat(this.group.texts()).containsExactly("Received: before", "Received: go on",
				"Received: with a new key");
		assertThat(this.group.replies()).extracting(GroupReply::keyId).containsExactly("key-1", "key-1", "key-2");
		assertThat(this.agent.log()).contains("Of the keys that bela has given for the group team, only some")
			.contains("Of the keys that bela has given for the group team, some are only read with");
	}

	@Test
	void keysAreKeptOverAKill() {
		this.group.distribute(this.anna);
		this.group.sendWithHistoryKey(this.anna, "before", archiveKey(ARCHIVE_KEY_B64));
		this.peer.await(allAcknowledged());
		this.peer.forgetGroupKeys();
		this.agent.kill();
		this.peer.await(disconnected());
		this.agent.start();
		this.group.send(this.bela, "after");
		this.peer.await(connections(2), allAcknowledged());
		assertThat(this.group.texts()).containsExactly("Received: before", "Received: after");
		assertThat(archived(this.group.replies().get(1))).endsWith("after");
	}

	@Test
	void historyKeyIsNeverReplaced() {
		this.group.distribute(this.anna);
		this.group.sendWithHistoryKey(this.anna, "first key", archiveKey(ARCHIVE_KEY_B64));
		this.peer.await(allAcknowledged());
		String changed = this.group.sendWithHistoryKey(this.bela, "other key",
				archiveKey(Base64.getEncoder().encodeToString(new byte[32])));
		this.group.send(this.bela, "after");
		this.peer.await(unacknowledged(1));
		assertThat(this.peer.stats().unacked()).containsExactly(changed);
		assertThat(this.group.texts()).containsExactly("Received: first key", "Received: after");
		assertThat(archived(this.group.replies().get(1))).endsWith("after");
		this.peer.forget(changed);
	}

	@Test
	void historyKeyIsDeliveredInADirectConversation() {
		NativePerson dario = this.peer.join("dario");
		String wrapper = "{\"type\":\"pacerelle.delivery\",\"v\":1,\"body\":\"Hello\",\"history_key\":"
				+ "{\"key_id\":\"archive-1\",\"epoch\":1,\"raw_key_b64\":\"" + ARCHIVE_KEY_B64 + "\"}}";
		dario.send(Messages.exactly(wrapper, "Received: Hello"));
		this.peer.await(allAcknowledged());
		assertThat(this.peer.check(dario).faults()).isEmpty();
	}

	@Test
	void recordsOfBothSdksAreRead() {
		Map<String, ?> context = context("message-1", "human");
		HistoryContext ours = new HistoryContext("team", "message-1", "agent-1", HistoryContext.SenderType.HUMAN,
				"archive-1", 1);
		try (ConversationHistory history = new ConversationHistory(ARCHIVE_KEY)) {
			JsonNode theirs = this.peer.sealHistory("Grüße \uD83D\uDE80", ARCHIVE_KEY_B64, context);
			assertThat(history.open(HistoryRecord.parse(theirs.toString()), ours)).isEqualTo("Grüße \uD83D\uDE80");
		}
	}

	private String archived(GroupReply reply) {
		return this.peer.openHistory(reply.historyRecord(), ARCHIVE_KEY_B64, context(reply.messageId(), "agent"));
	}

	private static Map<String, ?> context(String messageId, String senderType) {
		return Map.of("conversation_id", "team", "message_id", messageId, "sender_id", "agent-1", "sender_type",
				senderType, "key_id", "archive-1", "epoch", 1);
	}

	private static Map<String, ?> archiveKey(String keyB64) {
		return Map.of("key_id", "archive-1", "epoch", 1, "raw_key_b64", keyB64);
	}

}
