package com.pacerelle.sample;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import com.pacerelle.sample.NativePeer.Verdict;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The relay forges messages of Alice, who has 41 archived sessions with the agent
 * (gateway.md section 11).
 */
@RequiresPython
class ForgedMessagesIT {

	private static final int ARCHIVED = 41;

	private static final int FORGED = 1000;

	private static final int ROUNDS = 20;

	private static final int HONEST = 200;

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	private static NativePerson alice;

	private static String first;

	private static String archived;

	private static int forgedSoFar;

	@BeforeAll
	static void startManySessions() {
		peer = NativePeer.start();
		agent = AgentProcess.sample(peer.access()).start();
		peer.await(connected());
		alice = peer.join("alice", "alice", "conv-alice", "phone");
		for (int session = 0; session < ARCHIVED; session++) {
			alice.startOverWithoutOneTimePrekey();
			alice.send("in session {n}");
			peer.await(allAcknowledged());
		}
		archived = alice.encrypt("never delivered");
		alice.startOverWithoutOneTimePrekey();
		first = alice.encrypt("never delivered");
		alice.send("in the last session");
		peer.await(allAcknowledged());
	}

	@Test
	void aThousandInARowCostNoMoreThanHonestOnes() {
		Duration start = agent.cpuTime();
		for (int message = 0; message < HONEST; message++) {
			alice.send("honest, after {n} messages");
			peer.await(allAcknowledged());
		}
		Duration honest = agent.cpuTime().minus(start).dividedBy(HONEST);
		start = agent.cpuTime();
		forge(FORGED);
		alice.send("after all forged ones");
		peer.await(allAcknowledged());
		Duration each = agent.cpuTime().minus(start).dividedBy(FORGED);
		System.out.println("CPU of an honest echo " + honest + ", of a forged message " + each);
		assertThat(each).isLessThan(honest);
	}

	@Test
	void honestOnesInBetweenAreReadAndTheLogHasAFewLines() {
		NativePerson bob = peer.join("bob", "bob", "conv-bob", "desk");
		int answered = peer.check(alice).answered();
		long lines = agent.log().lines().count();
		for (int round = 1; round <= ROUNDS; round++) {
			forge(FORGED / ROUNDS);
			alice.send("honest, after {n} messages");
			bob.send("honest, after {n} messages");
			peer.await(allAcknowledged());
		}
		Verdict verdict = peer.check(alice, bob);
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted()).isEqualTo(answered + 2 * ROUNDS);
		assertThat(peer.stats().connections()).isOne();
		assertThat(agent.log().lines().skip(lines)).hasSizeLessThan(60);
	}

	/** Of each kind as many. */
	private static void forge(int count) {
		Map<String, String> kinds = ForgedMessage.ofEachKind(alice.encrypt("never delivered"), archived, first);
		for (int made = 0; made < count;) {
			for (String payload : kinds.values()) {
				peer.injectFrame(frame("forged-" + ++forgedSoFar, payload), false);
				made++;
			}
		}
	}

	private static Map<String, Object> frame(String id, String payload) {
		return new HashMap<>(
				Map.of("type", "MSG", "id", id, "from", "alice", "from_device_id", "phone", "conversation_id",
						"conv-alice", "to", peer.access().agentId(), "encrypted", true, "payload_b64", payload));
	}

}
