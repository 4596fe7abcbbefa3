package com.pacerelle.dev;

import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A person and an agent, through the relay.
 */
class PersonTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final DevRelay relay = DevRelay.start();

	private final RawAgent agent = new RawAgent(this.relay);

	private final Person alice = this.relay.person("alice", "conversation", "phone");

	@AfterEach
	void close() {
		this.agent.close();
		this.relay.close();
	}

	@Test
	void startsTheSessionAndReadsTheReply() {
		this.agent.publish().connect();
		String id = this.alice.send("Hello, agent 👋");
		JsonNode message = this.agent.next();
		assertThat(message.propertyNames()).containsExactlyInAnyOrder("type", "id", "from", "from_device_id",
				"conversation_id", "to", "encrypted", "payload_b64");
		assertThat(message.get("id").stringValue()).isEqualTo(id);
		assertThat(message.get("to").stringValue()).isEqualTo(this.relay.agentId());
		assertThat(this.agent.decrypt(message)).isEqualTo("Hello, agent 👋");
		ObjectNode reply = this.agent.reply(message, "Hello, person");
		this.agent.send(reply.toString());
		assertThat(this.alice.reply(id).block(PATIENCE))
			.isEqualTo(new ReceivedMessage(reply.get("id").stringValue(), "Hello, person", id));
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void conversesForManyTurns() {
		this.agent.publish().connect();
		for (int turn = 0; turn < 50; turn++) {
			String id = this.alice.send("question " + turn);
			this.agent.answer("answer " + turn);
			assertThat(this.alice.reply(id).block(PATIENCE)).extracting(ReceivedMessage::text)
				.isEqualTo("answer " + turn);
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void writesWhileTheAgentIsAway() {
		this.agent.publish();
		IntStream.range(0, 100).forEach((i) -> this.alice.send("message " + i));
		this.agent.connect();
		for (int i = 0; i < 100; i++) {
			assertThat(this.agent.decrypt(this.agent.next())).isEqualTo("message " + i);
		}
	}

	@Test
	void hasOwnSessionsOnEachDeviceAndInEachConversation() {
		this.agent.publish().connect();
		List<Person> people = List.of(this.alice, this.relay.person("alice", "conversation", "laptop"),
				this.relay.person("alice", "conversation", null), this.relay.person("alice", "other", "phone"));
		for (Person person : people) {
			String id = person.send("hello");
			this.agent.answer("hello too");
			assertThat(person.reply(id).block(PATIENCE)).isNotNull();
		}
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void isTheSamePersonAtTheSameAddress() {
		assertThat(this.relay.person("alice", "conversation", "phone")).isSameAs(this.alice);
	}

	@Test
	void answersAMessage() {
		this.agent.publish().connect();
		this.alice.send("an answer", "the-question");
		assertThat(this.agent.next().get("reply_to_message_id").stringValue()).isEqualTo("the-question");
	}

	@Test
	void answersAWidget() {
		this.agent.publish().connect();
		this.alice.answer("order", Map.of("pizza", "Margherita", "count", 2));
		JsonNode response = JsonMapper.shared().readTree(this.agent.decrypt(this.agent.next()));
		assertThat(response.propertyNames()).containsExactlyInAnyOrder("type", "id", "v", "ref", "value");
		assertThat(response.get("type").stringValue()).isEqualTo("widget.response");
		assertThat(response.get("v").intValue()).isEqualTo(1);
		assertThat(response.get("ref").stringValue()).isEqualTo("order");
		assertThat(response.get("value").get("pizza").stringValue()).isEqualTo("Margherita");
		assertThat(response.get("value").get("count").intValue()).isEqualTo(2);
	}

	@Test
	void cancelsAWidget() {
		this.agent.publish().connect();
		this.alice.cancel("order");
		JsonNode response = JsonMapper.shared().readTree(this.agent.decrypt(this.agent.next()));
		assertThat(response.propertyNames()).containsExactlyInAnyOrder("type", "id", "v", "ref", "cancelled");
		assertThat(response.get("ref").stringValue()).isEqualTo("order");
		assertThat(response.get("cancelled").booleanValue()).isTrue();
	}

	@Test
	void readsAMessageOnceThatComesTwice() {
		this.agent.publish().connect();
		String id = this.alice.send("hello");
		JsonNode message = this.agent.next();
		this.agent.decrypt(message);
		String first = this.agent.reply(message, "once").toString();
		this.agent.send(first);
		this.agent.send(first);
		this.agent.send(this.agent.reply(message, "another").toString());
		StepVerifier.create(this.alice.received().map(ReceivedMessage::text).take(2))
			.expectNext("once", "another")
			.expectComplete()
			.verify(PATIENCE);
		assertThat(this.alice.reply(id).block(PATIENCE)).extracting(ReceivedMessage::text).isEqualTo("once");
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void recordsAMessageIdThatIsUsedForAnotherMessage() {
		this.agent.publish().connect();
		this.alice.send("hello");
		JsonNode message = this.agent.next();
		this.agent.decrypt(message);
		ObjectNode first = this.agent.reply(message, "first");
		ObjectNode second = this.agent.reply(message, "second");
		this.agent.send(first.toString());
		this.agent.send(second.put("id", first.get("id").stringValue()).toString());
		await().untilAsserted(
				() -> assertThat(this.relay.violations()).containsExactly("MSG has the id of another message"));
	}

	@Test
	void recordsAMessageThatCannotBeDecrypted() {
		this.agent.publish().connect();
		this.alice.send("hello");
		JsonNode message = this.agent.next();
		this.agent.decrypt(message);
		ObjectNode forged = this.agent.reply(message, "forged");
		byte[] payload = Base64.getDecoder().decode(forged.get("payload_b64").stringValue());
		payload[payload.length - 1] ^= 1;
		this.agent.send(forged.put("payload_b64", Base64.getEncoder().encodeToString(payload)).toString());
		await().untilAsserted(() -> assertThat(this.relay.violations()).singleElement()
			.asString()
			.startsWith("MSG cannot be decrypted: "));
	}

	@Test
	void cannotWriteBeforeTheAgentPublishedItsKeys() {
		assertThat(this.alice.verificationCode()).isNull();
		assertThatIllegalStateException().isThrownBy(() -> this.alice.send("hello"))
			.withMessage("The agent has not published its keys yet: start it first");
		assertThat(this.relay.unacknowledged()).isEmpty();
	}

	@Test
	void seesTheVerificationCodeOfThePublishedIdentity() {
		ObjectNode bundle = this.agent.bundle(7);
		this.agent.request("PUT", "/agent/prekey-bundle", bundle.toString());
		byte[] identity = Base64.getDecoder().decode(bundle.get("identity_key").stringValue());
		assertThat(this.alice.verificationCode()).matches("([0-9A-F]{4} ){15}[0-9A-F]{4}");
		assertThat(this.alice.verificationCode().replace(" ", ""))
			.isEqualTo(HexFormat.of().withUpperCase().formatHex(Sha256.digest(identity)));
	}

	@Test
	void writesToAnotherIdentityOnlyWhenItIsTrusted() {
		this.agent.publish();
		this.alice.send("to the first identity");
		String code = this.alice.verificationCode();
		RawAgent successor = new RawAgent(this.relay).publish();
		assertThat(this.alice.identityChanged()).isTrue();
		assertThat(this.alice.verificationCode()).isNotEqualTo(code);
		assertThatExceptionOfType(AgentIdentityChangedException.class).isThrownBy(() -> this.alice.send("hello?"));

		this.alice.trustNewIdentity();
		assertThat(this.alice.identityChanged()).isFalse();
		String id = this.alice.send("to the second identity");
		successor.connect();
		successor.next();
		successor.answer("welcome");
		assertThat(this.alice.reply(id).block(PATIENCE)).extracting(ReceivedMessage::text).isEqualTo("welcome");
		successor.close();
	}

	@Test
	void keepsItsSessionWhenTheAgentPublishesNewPreKeys() {
		this.agent.publish().connect();
		this.alice.send("first");
		this.agent.answer("first");
		this.agent.request("PUT", "/agent/prekey-bundle", this.agent.bundle(20).toString());
		assertThat(this.alice.identityChanged()).isFalse();
		String id = this.alice.send("second");
		this.agent.answer("second");
		assertThat(this.alice.reply(id).block(PATIENCE)).isNotNull();
	}

	@Test
	void waitsForAReply() {
		this.agent.publish().connect();
		String id = this.alice.send("hello");
		StepVerifier.create(this.alice.reply(id))
			.expectSubscription()
			.then(() -> this.agent.answer("now"))
			.expectNextMatches((reply) -> reply.text().equals("now"))
			.expectComplete()
			.verify(PATIENCE);
	}

	@Test
	void hidesTextsInItsStrings() {
		assertThat(new ReceivedMessage("id", "secret", "other"))
			.hasToString("ReceivedMessage[id=id, replyToMessageId=other]");
		assertThat(new Chat.Change.Entry("id", "p1", "person", "secret", null, 1, 2, true, null).toString())
			.doesNotContain("secret");
	}

}
