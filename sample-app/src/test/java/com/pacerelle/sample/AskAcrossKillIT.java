package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A person is asked once and answered once, also when the agent is killed in between.
 */
@RequiresPython
class AskAcrossKillIT {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private final AgentProcess agent = AgentProcess.sample(this.peer.access()).start();

	private NativePerson alice;

	@BeforeEach
	void connect() {
		this.peer.await(connected());
		this.alice = this.peer.join("alice");
	}

	@Test
	void askSurvivesKillingAndAsksOnce() {
		say("/ask");
		String widget = widgetId(texts(1).get(0));
		this.agent.kill();
		this.agent.start();
		this.peer.await(connections(2));
		answer(widget, "true");
		assertThat(texts(2).get(1)).isEqualTo("You said yes");
		this.peer.await(allAcknowledged());
		assertThat(this.alice.replies()).hasSize(2);
	}

	@Test
	void answerThatWasGivenWhileTheAgentWasAwayIsTakenAfterTheRestart() {
		say("/ask");
		String widget = widgetId(texts(1).get(0));
		this.agent.kill();
		answer(widget, "false");
		this.agent.start();
		assertThat(texts(2).get(1)).isEqualTo("You said no");
		this.peer.await(allAcknowledged());
		assertThat(this.alice.replies()).hasSize(2);
	}

	private void say(String text) {
		this.alice.send(Messages.exactly(text, "").unanswered());
	}

	private void answer(String widget, String value) {
		say("{\"type\":\"widget.response\",\"id\":\"" + UUID.randomUUID() + "\",\"v\":1,\"ref\":\"" + widget
				+ "\",\"value\":" + value + "}");
	}

	private List<String> texts(int count) {
		await().atMost(Duration.ofMinutes(2)).until(() -> this.alice.replies().size() >= count);
		return this.alice.replies().stream().map(ReceivedReply::text).toList();
	}

	private static String widgetId(String text) {
		return MAPPER.readTree(text).get("id").stringValue();
	}

}
