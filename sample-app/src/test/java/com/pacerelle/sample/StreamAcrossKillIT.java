package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;

import com.pacerelle.sample.NativePerson.ReceivedReply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A person sees one text growing and gets it once, also when the agent is killed in
 * between.
 */
@RequiresPython
class StreamAcrossKillIT {

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
	void aTextThatGrowsIsOneWidgetAndOneMessage() {
		this.alice.send(Messages.exactly("/story", "").unanswered());
		await().atMost(Duration.ofMinutes(2)).until(() -> !texts().isEmpty());
		this.agent.kill();
		assertThat(texts()).first().asString().contains("widget.standard", "Writing…", "Once upon");
		assertThat(texts()).noneMatch(StreamAcrossKillIT::isPlain);
		this.agent.start();
		this.peer.await(connections(2));
		await().atMost(Duration.ofMinutes(2)).until(() -> texts().stream().anyMatch(StreamAcrossKillIT::isPlain));
		this.peer.await(allAcknowledged());
		assertThat(texts()).filteredOn((text) -> text.contains("widget.standard")).hasSize(1);
		assertThat(texts()).filteredOn(StreamAcrossKillIT::isPlain)
			.singleElement()
			.asString()
			.startsWith("Once upon a time")
			.endsWith("until it came to its end.");
	}

	private static boolean isPlain(String text) {
		return !text.startsWith("{");
	}

	private List<String> texts() {
		return this.alice.replies().stream().map(ReceivedReply::text).toList();
	}

}
