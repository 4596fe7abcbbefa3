package com.pacerelle.sample;

import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import com.pacerelle.sample.NativePerson.Sent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever the relay sends, the agent goes on and every session works. Alice has a
 * session before, and Bob begins one afterwards.
 */
@RequiresPython
class HostileFramesIT {

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	private static NativePerson alice;

	private int connections;

	@BeforeAll
	static void startAgent() {
		peer = NativePeer.start();
		agent = AgentProcess
			.sample(peer.access(), "--pacerelle.reconnect.min-backoff=50ms", "--pacerelle.ping-interval=1s",
					"--pacerelle.pong-timeout=2s")
			.start();
		peer.await(connected());
		alice = peer.join("alice", "alice", "conv-alice", "phone");
		alice.send("before everything");
		peer.await(unacknowledged(0));
	}

	@BeforeEach
	void countConnections() {
		this.connections = peer.stats().connections();
	}

	@AfterEach
	void everySessionWorks(TestInfo test) {
		List<String> refused = peer.stats().unacked();
		NativePerson bob = peer.join("bob-" + test.getDisplayName() + refused);
		alice.send("after {n} messages");
		bob.send("first of all");
		peer.await(unacknowledged(refused.size()), connected());
		assertThat(peer.stats().unacked()).isEqualTo(refused);
		assertThat(peer.check().faults()).isEmpty();
		assertThat(agent.isRunning()).isTrue();
		peer.forget(refused.toArray(String[]::new));
	}

	@ParameterizedTest
	@ValueSource(strings = { "not_json", "nested", "nested_member", "digits", "binary", "empty" })
	void aFrameThatIsNoObjectIsIgnored(String kind) {
		peer.inject(kind);
		assertSameConnection();
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1,2]", "\"MSG\"", "1e999999", "null", "{}", "{\"type\":null}", "{\"type\":5}",
			"{\"type\":[\"MSG\"]}", "{\"type\":\"MSG\"}", "{\"type\":\"msg\",\"id\":\"a\"}", "{\"type\":\"ACK_READ\"}",
			"{\"type\":\"SOMETHING\",\"id\":\"a\"}", "{\"type\":\"IDENTITY_CHANGED\"}",
			"{\"type\":\"IDENTITY_CHANGED\",\"user_id\":{}}", "{\"type\":\"IDENTITY_CHANGED\",\"user_id\":\"alice\"}",
			"{\"type\":\"IDENTITY_CHANGED\",\"agent_id\":\"agent-1\"}", "{\"type\":\"MSG\",\"type\":\"MSG\"}" })
	void aFrameThatIsNoMessageIsIgnored(String frame) {
		peer.injectText(frame);
		assertSameConnection();
	}

	@Test
	void aFrameOfTwentyMegabytesIsIgnored() {
		peer.inject("big");
		assertSameConnection();
	}

	@Test
	void aFrameThatIsNoUtf8MayCostTheConnectionOnly() {
		peer.inject("bad_utf8");
	}

	/**
	 * A reserved bit, a reserved opcode, a continuation of nothing, a ping that is too
	 * long, a masked frame, a negative length, a text within a text, a close frame of one
	 * byte.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "c100", "8300", "8000", "897e00800000", "818500000000", "817fffffffffffffffff",
			"010161810162", "880100" })
	void bytesThatAreNoWebSocketMayCostTheConnectionOnly(String bytes) {
		peer.injectBytes(HexFormat.of().parseHex(bytes));
	}

	@Test
	void aMessageThatIsTooLargeStandsInNobodysWayAlsoWhenItComesAgain() {
		peer.injectFrame(frame("too-large", payloadOf(2_000_000)), true);
		assertSameConnection();
		assertThat(peer.stats().unacked()).containsExactly("too-large");
		peer.cut();
		peer.await(connections(this.connections + 1));
	}

	@Test
	void aMessageInFragmentsIsAnswered() {
		NativePerson carol = peer.join("carol");
		Sent sent = carol.send(Messages.of("in pieces").held().withFrames());
		peer.injectFragments(sent.frames().get(0), 7);
		peer.deliver(sent.ids().get(0));
		peer.await(unacknowledged(0));
		assertThat(carol.replies()).hasSize(1);
	}

	@Test
	void fragmentsThatAreTooLargeTogetherAreIgnored() {
		peer.injectFragments(" ".repeat(5_000_000), 100);
		assertSameConnection();
	}

	static Stream<Map.Entry<String, Object>> wrongFields() {
		return Stream
			.of("id", "from", "conversation_id", "payload_b64", "from_device_id", "reply_to_message_id", "to",
					"attachments")
			.flatMap((field) -> Stream.<Object>of(5, true, List.of("a"), Map.of("a", "b"))
				.map((value) -> Map.entry(field, value)));
	}

	@ParameterizedTest
	@MethodSource("wrongFields")
	void aMessageWithAFieldOfTheWrongTypeIsRefusedOrDoesWithoutIt(Map.Entry<String, Object> field) {
		Map<String, Object> frame = frame("wrong-" + field, payloadOf(100));
		frame.put(field.getKey(), field.getValue());
		peer.injectFrame(frame, false);
		assertSameConnection();
	}

	@ParameterizedTest
	@ValueSource(strings = { "id", "from", "conversation_id", "payload_b64" })
	void aMessageWithoutWhatItNeedsIsRefused(String field) {
		Map<String, Object> frame = frame("incomplete", payloadOf(100));
		frame.remove(field);
		peer.injectFrame(frame, false);
		frame.put(field, "");
		peer.injectFrame(frame, false);
		assertSameConnection();
	}

	@ParameterizedTest
	@ValueSource(strings = { "====", "not Base64!", "QUJ", "QUJD\n", "\ud83d\ude00" })
	void aPayloadThatIsNoBase64IsRefused(String payload) {
		peer.injectFrame(frame("no-base64", payload), false);
		assertSameConnection();
	}

	@Test
	void randomCiphertextIsRefusedAndStandsInNobodysWay() {
		for (int size : new int[] { 1, 2, 33, 34, 100, 1_000, 10_000, 100_000 }) {
			peer.injectFrame(frame("random-" + size, payloadOf(size)), true);
		}
		assertSameConnection();
		assertThat(peer.stats().unacked()).hasSize(8);
		peer.cut();
		peer.await(connections(this.connections + 1));
	}

	@Test
	void aForgedMessageIsRefusedAndTheTrueOneStillOpens() {
		for (int message = 0; message < 5; message++) {
			alice.send(Messages.of("forged").forged());
		}
		alice.send(Messages.numbered(5));
		peer.await(unacknowledged(5));
		assertSameConnection();
	}

	@Test
	void aMessageUnderAKnownIdButWithOtherContentIsRefused() {
		String id = alice.send("the first to have this id");
		peer.await(unacknowledged(0));
		peer.injectFrame(frame(id, alice.encrypt("another with this id")), true);
		assertSameConnection();
		assertThat(peer.stats().unacked()).containsExactly(id);
	}

	@Test
	void twoRefusedMessagesUnderOneIdAreBothRefused() {
		peer.injectFrame(frame("twice", payloadOf(100)), true);
		peer.injectFrame(frame("twice", payloadOf(101)), true);
		assertSameConnection();
		peer.cut();
		peer.await(connections(this.connections + 1));
	}

	@Test
	void aMessageOfAnUnknownPersonWithoutASessionIsRefused() {
		Map<String, Object> frame = frame("unknown-person", alice.encrypt("stolen from Alice"));
		frame.put("from", "mallory");
		frame.put("conversation_id", "conv-mallory");
		peer.injectFrame(frame, true);
		assertSameConnection();
		assertThat(peer.stats().unacked()).containsExactly("unknown-person");
	}

	@Test
	void fieldsThatNobodyKnowsAreReadOver() {
		alice.send(Messages.of("{n}").withField("unknown", Collections.nCopies(40_000, List.of())));
		peer.await(unacknowledged(0));
		assertSameConnection();
	}

	@Test
	void attachmentsOfTinyTokensAreIgnoredWithTheirMessage() {
		String id = alice
			.send(Messages.of("{n}").unanswered().withField("attachments", Collections.nCopies(40_000, List.of())))
			.ids()
			.get(0);
		assertSameConnection();
		assertThat(peer.stats().unacked()).containsExactly(id);
	}

	@Test
	void attachmentsThatTheRelayAddsDoNotReachTheHandler() {
		alice.send(Messages.of("No file is with this")
			.withField("attachments", List.of(Map.of("id", "file-1", "name", "added.txt", "mime", "text/plain", "size",
					5, "blob_id", "blob-1"))));
		peer.await(unacknowledged(0));
		assertSameConnection();
	}

	/** What comes after it is answered, without a new connection. */
	private void assertSameConnection() {
		int refused = peer.stats().unacked().size();
		alice.send("after {n} messages, on the same connection");
		peer.await(unacknowledged(refused));
		assertThat(peer.stats().connections()).isEqualTo(this.connections);
	}

	private static Map<String, Object> frame(String id, String payload) {
		return new HashMap<>(
				Map.of("type", "MSG", "id", id, "from", "alice", "from_device_id", "phone", "conversation_id",
						"conv-alice", "to", peer.access().agentId(), "encrypted", true, "payload_b64", payload));
	}

	private static String payloadOf(int size) {
		byte[] payload = new byte[size];
		new Random(size).nextBytes(payload);
		return Base64.getEncoder().encodeToString(payload);
	}

}
