package com.pacerelle.sample.ai;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.pacerelle.dev.DevRelay;
import com.pacerelle.dev.Person;
import com.pacerelle.dev.ReceivedMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What people see of an agent with a model, over a relay.
 */
@SpringBootTest(properties = "pacerelle.dev-relay.enabled=true")
class AiSampleApplicationTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@Autowired
	private DevRelay relay;

	@Autowired
	private Notebook notebook;

	@BeforeEach
	void connect() {
		await().atMost(PATIENCE).until(this.relay::isAgentConnected);
	}

	@AfterEach
	void everythingIsAccepted() {
		await().atMost(PATIENCE).until(() -> this.relay.unacknowledged().isEmpty());
		assertThat(this.relay.violations()).isEmpty();
	}

	@Test
	void theTokensOfTheModelAreOneMessageThatIsSeenGrowing() {
		Person alice = this.relay.person("alice", "tokens", "phone");
		List<String> seen = untilText(alice, alice.send("Hello"));
		assertThat(seen).hasSizeGreaterThan(3).last().asString().startsWith("I am no real model").contains("Hello");
		JsonNode widget = json(seen.get(0));
		assertThat(widget.get("kind").asString()).isEqualTo("progress");
		assertThat(widget.at("/spec/title").asString()).isEqualTo("Writing…");
		assertThat(seen.subList(1, seen.size() - 1)).map(AiSampleApplicationTests::json)
			.allSatisfy((update) -> assertThat(update.get("ref")).isEqualTo(widget.get("id")))
			.extracting((update) -> update.at("/patch/spec/body").asString())
			.isSortedAccordingTo((one, other) -> other.isEmpty() ? -1 : Integer.compare(one.length(), other.length()))
			.last()
			.isEqualTo("");
	}

	@Test
	void theModelRemembersTheConversationAndNoOther() {
		Person bob = this.relay.person("bob", "memory", "phone");
		assertThat(text(bob, bob.send("One"))).contains("your messages so far are 1,");
		assertThat(text(bob, bob.send("Two"))).contains("your messages so far are 2,");
		Person carol = this.relay.person("carol", "memory", "phone");
		assertThat(text(carol, carol.send("Three"))).contains("your messages so far are 1,");
	}

	@Test
	void aToolOfTheModelRunsWhenThePersonAllowsIt() {
		Person dora = this.relay.person("dora", "consent", "phone");
		String message = dora.send("note buy milk");
		JsonNode permission = widget(dora, message, "permission");
		assertThat(permission.at("/spec/authorization/parameters/note").asString()).isEqualTo("buy milk");
		assertThat(this.notebook.notes()).doesNotContain("buy milk");
		dora.answer(permission.get("id").asString(), Map.of("granted", true, "scope", "once"));
		assertThat(text(dora, message)).startsWith("The tool says: ").contains("notes");
		assertThat(this.notebook.notes()).contains("buy milk");
	}

	@Test
	void aToolOfTheModelDoesNotRunWhenThePersonRefuses() {
		Person emil = this.relay.person("emil", "refusal", "phone");
		String message = emil.send("note a secret");
		emil.answer(widget(emil, message, "permission").get("id").asString(), Map.of("granted", false));
		assertThat(text(emil, message)).startsWith("The tool says: ").doesNotContain("notes");
		assertThat(this.notebook.notes()).doesNotContain("a secret");
	}

	@Test
	void theModelAsksThePerson() {
		Person frida = this.relay.person("frida", "question", "phone");
		String message = frida.send("ask me");
		JsonNode confirm = widget(frida, message, "confirm");
		assertThat(confirm.at("/spec/title").asString()).isEqualTo("Shall I go on?");
		frida.answer(confirm.get("id").asString(), true);
		assertThat(text(frida, message)).contains("\"answered\":true,\"value\":true");
	}

	private static JsonNode widget(Person person, String message, String kind) {
		return json(person.received()
			.filter((received) -> message.equals(received.replyToMessageId()))
			.map(ReceivedMessage::text)
			.filter((text) -> text.contains("\"kind\":\"" + kind + "\""))
			.blockFirst(PATIENCE));
	}

	private static String text(Person person, String message) {
		List<String> seen = untilText(person, message);
		return seen.get(seen.size() - 1);
	}

	private static List<String> untilText(Person person, String message) {
		List<String> seen = person.received()
			.filter((received) -> message.equals(received.replyToMessageId()))
			.map(ReceivedMessage::text)
			.takeUntil((text) -> !text.startsWith("{"))
			.collectList()
			.block(PATIENCE);
		assertThat(seen).isNotEmpty();
		return seen;
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text);
	}

}
