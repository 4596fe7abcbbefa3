package com.pacerelle.client;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import com.pacerelle.client.message.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Frames that end or stall the published SDK leave the connection and all sessions
 * working here (gateway.md section 11).
 */
class HostileFramesTests {

	private final TestRelay relay = new TestRelay();

	private TestAgent agent;

	private TestPerson alice;

	@BeforeEach
	void start(@TempDir Path root) {
		this.agent = new TestAgent(this.relay, root,
				(settings) -> settings.connection(
						(connection) -> connection.maxFrameSize(1024 * 1024).pingInterval(Duration.ofMillis(100))),
				(message, conversation) -> Mono.just(new Reply("Received: " + message.text())))
			.start();
		this.alice = new TestPerson(this.relay, "alice", "c-1", "phone").startSession();
		exchange("before");
	}

	@AfterEach
	void stop() {
		this.agent.close();
		this.relay.close();
	}

	static Stream<Arguments> frames() {
		byte[] noise = new byte[1000];
		new Random(1).nextBytes(noise);
		return Stream.of(arguments("not JSON", bytes("hello")), arguments("empty", bytes("")),
				arguments("not an object", bytes("[1,2,3]")), arguments("unknown type", bytes("{\"type\":\"X\"}")),
				arguments("100,000 nested brackets", bytes("[".repeat(100_000))),
				arguments("100,000 nested objects in a message",
						bytes("{\"type\":\"MSG\",\"id\":\"m\",\"x\":" + "{\"a\":".repeat(100_000))),
				arguments("a number of 5,000 digits", bytes("{\"type\":" + "9".repeat(5_000) + "}")),
				arguments("not UTF-8", new byte[] { '"', (byte) 0xff, '"' }),
				arguments("overlong UTF-8", new byte[] { '"', (byte) 0xc0, (byte) 0xaf, '"' }),
				arguments("noise", noise), arguments("one byte too many", new byte[1024 * 1024 + 1]),
				arguments("20 MB", new byte[20_000_000]));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("frames")
	void frameThatIsNoMessageIsIgnoredAndCounted(String name, byte[] frame) {
		this.relay.sendText(frame);
		exchange("after");
		await().until(() -> this.agent.events(GatewayEvent.FrameIgnored.class).size() == 1);
		assertThat(this.relay.connections()).isOne();
	}

	@Test
	void binaryFrameIsIgnoredAndCounted() {
		this.relay.sendBinary(bytes("{\"type\":\"MSG\"}"));
		exchange("after");
		await().until(() -> this.agent.events(GatewayEvent.FrameIgnored.class).size() == 1);
	}

	@Test
	void oversizeFrameThatIsReplayedDoesNotStandInFrontOfOthers() {
		this.relay.deliver("too large",
				"{\"type\":\"MSG\",\"id\":\"too large\",\"x\":\"" + "x".repeat(2_000_000) + "\"}");
		for (int i = 1; i <= 3; i++) {
			exchange("after " + i);
			this.relay.drop();
			int connections = i + 1;
			await().until(() -> this.relay.connections() == connections);
		}
	}

	@Test
	void fragmentsArePutTogether() {
		Map<String, Object> frame = this.alice.frame("in parts");
		String json = TestRelay.JSON.writeValueAsString(frame);
		this.relay.sendFragments(json.substring(0, 10), json.substring(10, 50), json.substring(50));
		await().until(() -> this.relay.acknowledged().contains(frame.get("id")));
	}

	@Test
	void fragmentsThatTogetherAreTooLargeAreIgnored() {
		this.relay.sendFragments("\"" + "x".repeat(600_000), "x".repeat(600_000), "x".repeat(600_000) + "\"");
		exchange("after");
		await().until(() -> this.agent.events(GatewayEvent.FrameIgnored.class).size() >= 1);
		assertThat(this.relay.connections()).isOne();
	}

	@Test
	void messageWithFieldsOfTheWrongTypeIsRefused() {
		this.relay.send("{\"type\":\"MSG\",\"id\":\"m-1\",\"from\":{},\"conversation_id\":\"c-1\",\"payload_b64\":7}");
		exchange("after");
		await().until(() -> this.agent.events(GatewayEvent.MessageRejected.class)
			.contains(new GatewayEvent.MessageRejected("m-1", "c-1", GatewayEvent.RejectionReason.MALFORMED)));
	}

	@Test
	void randomCiphertextIsRefusedAndSessionsGoOn() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		for (int i = 0; i < 100; i++) {
			byte[] payload = new byte[1 + random.nextInt(300)];
			random.nextBytes(payload);
			payload[0] = (byte) (1 + random.nextInt(2));
			this.relay.send(TestRelay.JSON.writeValueAsString(this.alice.frame(payload)));
		}
		exchange("after");
		await()
			.untilAsserted(() -> assertThat(this.agent.events(GatewayEvent.MessageRejected.class)).as("seed %d", seed)
				.hasSize(100));
	}

	@Test
	void manyForgedMessagesUseTheBudgetOfTheirPeerUpAndHonestOnesAreStillRead() {
		byte[] forged = this.alice.encrypt(bytes("{}"));
		forged[forged.length - 1] ^= 1;
		for (int i = 0; i < 20; i++) {
			this.relay.send(TestRelay.JSON.writeValueAsString(this.alice.frame(forged)));
		}
		exchange("after");
		await().until(() -> this.agent.events(GatewayEvent.MessageRejected.class).size() == 20);
		assertThat(this.agent.events(GatewayEvent.DecryptionLimited.class)).isNotEmpty()
			.first()
			.isEqualTo(new GatewayEvent.DecryptionLimited("alice", "c-1", "phone", Duration.ofSeconds(1)));
		exchange("and on");
	}

	private void exchange(String text) {
		String id = this.alice.write(text);
		await().until(() -> this.relay.acknowledged().contains(id));
		assertThat(this.alice.readNew()).containsExactly("Received: " + text);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
