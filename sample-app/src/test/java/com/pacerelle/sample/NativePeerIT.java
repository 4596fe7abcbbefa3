package com.pacerelle.sample;

import java.util.List;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The judge is judged: the relay and the people agree with the published SDK's own agent,
 * and they see what it does wrong.
 */
@RequiresPython
class NativePeerIT {

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	@BeforeAll
	static void startAgent() {
		peer = NativePeer.start();
		agent = AgentProcess.publishedSdk(peer.access()).start();
		peer.await(connected());
	}

	@Test
	void findsNothingWrongWithAnEchoOfThePublishedSdk() {
		NativePerson alice = peer.join("alice");
		alice.send(Messages.numbered(20).overBadNetwork(0.2, 0.2, 5, 1));
		peer.await(allAcknowledged());
		assertThat(peer.check(alice).faults()).isEmpty();
		assertThat(peer.check(alice).answered()).isEqualTo(peer.check(alice).wanted()).isPositive();
	}

	@Test
	void findsTheAnswerThatIsWrong() {
		NativePerson bob = peer.join("bob");
		bob.send(Messages.exactly("Hello", "Good evening"));
		peer.await(allAcknowledged());
		assertThat(peer.check(bob).faults()).containsOnlyKeys("wrong");
	}

	@Test
	void findsTheAnswerThatIsMissing() {
		NativePerson carol = peer.join("carol");
		int connections = peer.stats().connections();
		agent.kill();
		String id = carol.send("Is anybody there?");
		assertThat(peer.check(carol).faults()).containsOnlyKeys("missing");
		agent.start();
		peer.await(connections(connections + 1), allAcknowledged());
		assertThat(peer.check(carol).faults()).isEmpty();
		assertThat(carol.replies()).extracting(NativePerson.ReceivedReply::replyTo).isEqualTo(List.of(id));
	}

}
