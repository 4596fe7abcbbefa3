package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Attackers on the published SDK's native runtime answer what they were not asked
 * (gateway.md section 11).
 */
@RequiresPython
class ForgedAnswersIT {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	private static int people;

	private String user;

	private NativePerson alice;

	@BeforeAll
	static void startAgent() {
		peer = NativePeer.start();
		agent = AgentProcess.sample(peer.access()).start();
		peer.await(connected());
	}

	@BeforeEach
	void join() {
		this.user = "alice-" + ++people;
		this.alice = peer.join(this.user, this.user, "conv-" + this.user, "phone");
	}

	@Test
	void answerToAWidgetThatWasNeverSentReachesNoHandler() {
		answer(this.alice, "confirm-delete-cache");
		assertThat(texts(this.alice, 1)).containsExactly("There is no such question for you");
		peer.await(allAcknowledged());
	}

	@Test
	void answerOfSomebodyElseDecidesNothing() {
		NativePerson mallory = peer.join("mallory-" + people, "mallory", "conv-" + this.user, "phone");
		say(mallory, "Hello");
		String widget = ask();
		answer(mallory, widget);
		assertThat(texts(mallory, 2)).endsWith("There is no such question for you");
		answer(this.alice, widget);
		assertThat(texts(this.alice, 2)).endsWith("You said yes");
		peer.await(allAcknowledged());
	}

	@Test
	void answerOfADeviceThatTheRelayInventsDecidesNothing() {
		String widget = ask();
		NativePerson invented = peer.join("invented-" + people, this.user, "conv-" + this.user, "invented");
		answer(invented, widget);
		assertThat(texts(invented, 1)).containsExactly("This device was not known when the question was asked");
		answer(this.alice, widget);
		assertThat(texts(this.alice, 2)).endsWith("You said yes");
		peer.await(allAcknowledged());
	}

	@Test
	void answerInAnotherConversationDecidesNothing() {
		String widget = ask();
		NativePerson elsewhere = peer.join("elsewhere-" + people, this.user, "conv-elsewhere-" + people, "phone");
		answer(elsewhere, widget);
		assertThat(texts(elsewhere, 1)).containsExactly("There is no such question for you");
		answer(this.alice, widget);
		assertThat(texts(this.alice, 2)).endsWith("You said yes");
		peer.await(allAcknowledged());
	}

	@Test
	void secondAnswerDecidesNothing() {
		String widget = ask();
		answer(this.alice, widget);
		texts(this.alice, 2);
		answer(this.alice, widget);
		assertThat(texts(this.alice, 3)).endsWith("This question was answered already");
		peer.await(allAcknowledged());
	}

	private String ask() {
		say(this.alice, "/ask");
		return MAPPER.readTree(texts(this.alice, 1).get(0)).get("id").stringValue();
	}

	private static void say(NativePerson person, String text) {
		person.send(Messages.exactly(text, "").unanswered());
	}

	private static void answer(NativePerson person, String widget) {
		say(person, "{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":\"" + widget
				+ "\",\"value\":true}");
	}

	private static List<String> texts(NativePerson person, int count) {
		await().atMost(Duration.ofSeconds(30)).until(() -> person.replies().size() >= count);
		return person.replies().stream().map(ReceivedReply::text).toList();
	}

}
