package com.pacerelle.sample;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The log is for operators: however much it tells, it tells no secret, and nobody who
 * writes to the agent writes into it. Each {@link AgentProcess} looks through its log
 * when it is closed.
 */
@RequiresPython
class LogIT {

	@ParameterizedTest
	@ValueSource(strings = { "com.pacerelle=TRACE", "root=DEBUG" })
	void hasNoSecretAtAnyLevel(String level) {
		try (NativePeer peer = NativePeer.start();
				AgentProcess agent = AgentProcess.sample(peer.access(), "--logging.level." + level).start()) {
			peer.await(connected());
			NativePerson alice = peer.join("alice", "alice", "conv-alice", "phone");
			alice.send(Messages.numbered(3));
			alice.send(Messages.ofSize(1_000, 3, 1));
			peer.await(allAcknowledged());
			alice.send(Messages.of("forged").forged().withId("forged"));
			alice.send("after the forged one");
			peer.await(unacknowledged(1));
			peer.forget("forged");
			peer.refuseWithStatus(401);
			peer.cut();
			agent.awaitLog("401");
			agent.stop();
			assertThat(agent.log()).contains("DEBUG");
		}
	}

	@Test
	void hasNoLineThatAMessageMadeUp() {
		try (NativePeer peer = NativePeer.start(); AgentProcess agent = AgentProcess.sample(peer.access()).start()) {
			peer.await(connected());
			NativePerson alice = peer.join("alice");
			alice.send("before");
			peer.await(allAcknowledged());
			String lines = "x\r\n2030-01-01 ERROR made up\u001b[31m\u202e\u2066\u2028\u2029\u0085\u200e";
			alice.send(Messages.of("forged").forged().withId(lines));
			alice.send(Messages.of("forged").forged().withId("y".repeat(50_000)));
			alice.send(Messages.of("forged").forged().withField("conversation_id", lines).withId("z"));
			peer.injectFrame(Map.of("type", "IDENTITY_CHANGED", "user_id", lines), false);
			peer.injectFrame(Map.of("type", lines), false);
			alice.send("after");
			peer.await(unacknowledged(3), connections(1));
			agent.stop();
			assertThat(agent.log()).doesNotContain("\u001b", "\u202e", "\u2066", "\u2028", "\u2029", "\u0085", "\u200e")
				.doesNotContainPattern("(?m)^2030")
				.doesNotContain("y".repeat(1_000));
		}
	}

	@Test
	void isReallySearched() {
		for (String leak : new String[] { "the token-1", "Zugspitze 1",
				"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5", "0123456789abcdef0123456789abcdef",
				"[1, -2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]" }) {
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> DiscreetLog.verify("before " + leak + " after", "token-1"));
		}
		DiscreetLog.verify("Verification code 0123 4567 89AB CDEF for 550e8400-e29b-41d4-a716-446655440000", "token-1");
	}

}
