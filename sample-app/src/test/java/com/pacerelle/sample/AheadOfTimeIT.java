package com.pacerelle.sample;

import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with the context that Spring's AOT processing made of it at build time.
 */
@RequiresPython
class AheadOfTimeIT {

	private static final String RELEASE = "{\"version\":\"1.2\",\"priority\":3,\"notes\":\"\",\"announce\":true}";

	@Test
	void answersMessagesAndReadsAnswers() {
		try (NativePeer peer = NativePeer.start();
				AgentProcess agent = AgentProcess.sampleAheadOfTime(peer.access()).start()) {
			peer.await(connected());
			NativePerson alice = peer.join("alice");
			say(alice, "Hello");
			say(alice, "/form");
			peer.await(allAcknowledged());
			say(alice, "{\"type\":\"widget.response\",\"id\":\"answer-1\",\"v\":1,\"ref\":\"release-form\",\"value\":"
					+ RELEASE + "}");
			peer.await(allAcknowledged());
			assertThat(alice.replies()).extracting(NativePerson.ReceivedReply::text)
				.startsWith("Received: Hello")
				.endsWith("release-form: " + RELEASE);
			assertThat(agent.log()).contains("Starting AOT-processed SampleApplication");
		}
	}

	private static void say(NativePerson person, String text) {
		person.send(Messages.exactly(text, "").unanswered());
	}

}
