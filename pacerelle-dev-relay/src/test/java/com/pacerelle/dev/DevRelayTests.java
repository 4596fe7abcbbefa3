package com.pacerelle.dev;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The relay as an agent sees it.
 */
class DevRelayTests {

	private final DevRelay relay = DevRelay.start(0, "agent-1", "secret-token");

	private final RawAgent agent = new RawAgent(this.relay);

	private final Person alice = this.relay.person("alice", "conversation", "phone");

	@AfterEach
	void close() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void listensOnLoopbackOnly() {
		assertThat(this.relay.baseUrl()).hasScheme("http").hasHost("127.0.0.1").hasPath("");
	}

	@Test
	void startsForAGeneratedToken() {
		try (DevRelay first = DevRelay.start(); DevRelay second = DevRelay.start()) {
			assertThat(first.agentId()).isEqualTo("dev-agent");
			assertThat(first.token()).hasSizeGreaterThan(40).isNotEqualTo(second.token());
		}
	}

	@Test
	void refusesAnEmptyToken() {
		assertThatIllegalArgumentException().isThrownBy(() -> DevRelay.start(0, "agent-1", ""));
	}

	@Test
	void saysThatItsPortIsTaken() {
		int port = this.relay.baseUrl().getPort();
		assertThatThrownBy(() -> DevRelay.start(port, "agent-1", "token")).hasMessageContaining("127.0.0.1:" + port);
	}

	@ParameterizedTest
	@CsvSource({ "PUT, /agent/prekey-bundle", "POST, /agent/one-time-prekeys", "POST, /agent/blobs",
			"GET, /agent/blobs/1", "GET, /agent/group-keys?conversation_id=1" })
	void refusesAnotherToken(String method, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.relay.baseUrl() + path))
			.header("Authorization", "Bearer another-token")
			.method(method, HttpRequest.BodyPublishers.ofString("{}"))
			.build();
		var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(401);
	}

	@Test
	void refusesAWebSocketWithAnotherToken() {
		assertThatThrownBy(() -> this.agent.openWebSocket("another-token").join()).cause()
			.isInstanceOfSatisfying(WebSocketHandshakeException.class,
					(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(401));
		assertThat(this.relay.isAgentConnected()).isFalse();
	}

	@Test
	void refusesTheTokenForAWhile() {
		this.agent.publish().connect();
		this.relay.refuseToken(true);
		assertThat(this.agent.closeCode()).isEqualTo(1001);
		assertThat(this.agent.request("GET", "/agent/group-keys", "").statusCode()).isEqualTo(401);
		this.relay.refuseToken(false);
		this.agent.sibling().connect().close();
	}

	@Test
	void tellsWhetherTheAgentIsConnected() {
		this.agent.publish().connect();
		await().until(this.relay::isAgentConnected);
		this.agent.close();
		await().until(() -> !this.relay.isAgentConnected());
	}

	@Test
	void keepsMessagesInOrderUntilTheyAreAcknowledged() {
		this.agent.publish();
		List<String> sent = IntStream.range(0, 5).mapToObj((i) -> this.alice.send("message " + i)).toList();
		this.agent.connect();
		List<JsonNode> first = IntStream.range(0, 5).mapToObj((i) -> this.agent.next()).toList();
		assertThat(first).extracting((message) -> message.get("id").stringValue()).isEqualTo(sent);
		this.agent.send(RawAgent.acknowledgement(first.get(1)).toString());
		await().until(() -> this.relay.unacknowledged().size() == 4);

		this.relay.disconnectAgent();
		assertThat(this.agent.closeCode()).isEqualTo(1001);
		this.agent.connect();
		List<JsonNode> second = IntStream.range(0, 4).mapToObj((i) -> this.agent.next()).toList();
		assertThat(second).containsExactly(first.get(0), first.get(2), first.get(3), first.get(4));
		second.forEach((message) -> this.agent.send(RawAgent.acknowledgement(message).toString()));
		await().until(() -> this.relay.unacknowledged().isEmpty());

		RawAgent restarted = this.agent.sibling().connect();
		assertThat(restarted.hasNothingMore()).isTrue();
		restarted.close();
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void deliversToTheNewestOfCompetingConnections() {
		this.agent.publish().connect();
		RawAgent newest = this.agent.sibling().connect();
		String id = this.alice.send("to the newest");
		assertThat(newest.next().get("id").stringValue()).isEqualTo(id);
		assertThat(this.agent.hasNothingMore()).isTrue();
		newest.close();
		assertThat(this.agent.next().get("id").stringValue()).isEqualTo(id);
		assertThat(this.relay.isAgentConnected()).isTrue();
	}

	@Test
	void answersPings() {
		this.agent.publish().connect();
		this.agent.socket().sendPing(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
		assertThat(this.agent.nextPong()).isEqualTo(ByteBuffer.wrap(new byte[] { 1, 2, 3 }));
	}

	@Test
	void losesNothingThatCameBeforeItAnsweredAPing() {
		this.agent.publish().connect();
		this.alice.send("hello");
		JsonNode message = this.agent.next();
		this.agent.decrypt(message);
		for (int i = 0; i < 50; i++) {
			this.agent.send(this.agent.reply(message, "reply " + i).toString());
		}
		assertThat(this.agent.hasNothingMore()).isTrue();
		this.relay.disconnectAgent();
		assertThat(this.alice.received().take(50).collectList().block(Duration.ofMinutes(1)))
			.extracting(ReceivedMessage::text)
			.isEqualTo(IntStream.range(0, 50).mapToObj((i) -> "reply " + i).toList());
	}

	@Test
	void handsOutEachOneTimePreKeyOnce() {
		this.agent.publish().connect();
		for (String user : List.of("bob", "carol", "dave")) {
			this.relay.person(user, "conversation", null).send("hello from " + user);
			assertThat(this.agent.decrypt(this.agent.next())).isEqualTo("hello from " + user);
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void returnsTheBlobThatWasStored() {
		byte[] blob = new byte[200_000];
		new Random(1).nextBytes(blob);
		var stored = this.agent.request("POST", "/agent/blobs", HttpRequest.BodyPublishers.ofByteArray(blob),
				"Content-Type", "application/octet-stream");
		assertThat(stored.statusCode()).isEqualTo(201);
		JsonNode answer = RawAgent.MAPPER.readTree(stored.body());
		assertThat(answer.get("size").intValue()).isEqualTo(blob.length);
		assertThat(answer.get("sha256").stringValue()).isEqualTo(HexFormat.of().formatHex(Sha256.digest(blob)));
		var read = this.agent.request("GET", "/agent/blobs/" + answer.get("id").stringValue(), "");
		assertThat(read.body().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(blob);
		assertThat(this.agent.request("GET", "/agent/blobs/unknown", "").statusCode()).isEqualTo(404);
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void hasNoGroupKeys() {
		var response = this.agent.request("GET", "/agent/group-keys?conversation_id=conversation", "");
		assertThat(response.body()).isEqualTo("[]");
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void recordsWhatDepartsFromTheProtocol() {
		this.agent.connect();
		this.agent.request("POST", "/agent/one-time-prekeys", this.agent.oneTimePreKeys(1).toString());
		this.agent.request("POST", "/agent/blobs", "clear", "Content-Type", "text/plain");
		this.agent.request("GET", "/agent/group-keys", "");
		ObjectNode bundle = this.agent.bundle(1);
		var refused = this.agent.request("PUT", "/agent/prekey-bundle", bundle.put("secret_key", "x").toString());
		assertThat(refused.statusCode()).isEqualTo(400);
		assertThat(this.relay.violations()).containsExactly("The WebSocket was opened before a bundle was published",
				"One-time prekeys came before a bundle", "The blob's content type is not application/octet-stream",
				"The request for group keys names no conversation", "The bundle has the unknown field 'secret_key'");
	}

	@Test
	void recordsAPreKeyIdThatIsPublishedTwice() {
		this.agent.publish();
		this.agent.request("POST", "/agent/one-time-prekeys", this.agent.oneTimePreKeys(8).toString());
		assertThat(this.relay.violations()).containsExactly("One-time prekey 8 was published before");
	}

	@Test
	void refusesABodyBeyondTheLimit() {
		var response = this.agent.request("PUT", "/agent/prekey-bundle", "x".repeat(2_000_000));
		assertThat(response.statusCode()).isEqualTo(413);
	}

	@Test
	void staysConnectedWhenAFrameIsBad() {
		this.agent.publish().connect();
		this.agent.send("not json");
		this.agent.send("[".repeat(100_000));
		this.agent.send("{\"type\":\"HELLO\"}");
		this.agent.socket().sendBinary(ByteBuffer.allocate(3), true).join();
		this.alice.send("still there?");
		this.agent.answer("yes");
		await().until(() -> this.relay.unacknowledged().isEmpty());
		assertThat(this.relay.violations()).containsExactlyInAnyOrder("The frame is not JSON", "The frame is not JSON",
				"The frame has an unknown type", "The frame is not a text frame");
	}

	@Test
	void closesAConnectionWhoseFrameIsBeyondTheLimit() {
		this.agent.publish().connect();
		// The relay may close before it has read everything: the outcome of sending is
		// not looked at.
		this.agent.socket().sendText("x".repeat(17_000_000), true);
		assertThat(this.agent.closeCode()).isEqualTo(1009);
		await().untilAsserted(
				() -> assertThat(this.relay.violations()).containsExactly("The frame has more than 16777216 bytes"));
		await().until(() -> !this.relay.isAgentConnected());
	}

	@Test
	void recordsAnAcknowledgementForAnotherPerson() {
		this.agent.publish().connect();
		this.alice.send("hello");
		ObjectNode acknowledgement = RawAgent.acknowledgement(this.agent.next()).put("to", "mallory");
		this.agent.send(acknowledgement.toString());
		await().untilAsserted(() -> assertThat(this.relay.violations())
			.containsExactly("ACK_READ names another person or conversation than its message"));
		assertThat(this.relay.unacknowledged()).hasSize(1);
	}

	@Test
	void recordsAMessageToSomebodyWhoIsNotHere() {
		this.agent.publish().connect();
		this.alice.send("hello");
		JsonNode message = this.agent.next();
		this.agent.decrypt(message);
		this.agent.send(this.agent.reply(message, "hi").put("to_device_id", "tablet").toString());
		await().untilAsserted(() -> assertThat(this.relay.violations())
			.containsExactly("MSG is for a person, conversation or device that is not here"));
	}

}
