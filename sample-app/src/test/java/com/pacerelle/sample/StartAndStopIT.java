package com.pacerelle.sample;

import java.time.Duration;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static com.pacerelle.sample.Condition.replies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample's jar starts and stops as an operator expects.
 */
@RequiresPython
class StartAndStopIT {

	@AutoClose
	private NativePeer peer;

	@BeforeEach
	void startPeer() {
		this.peer = NativePeer.start();
	}

	@Test
	void startsWithoutTheRelayAndConnectsWhenItIsThere() {
		this.peer.down();
		try (AgentProcess agent = AgentProcess.sample(this.peer.access()).start()) {
			agent.awaitLog("keeps trying");
			assertThat(agent.isRunning()).isTrue();
			this.peer.up();
			this.peer.await(connected());
			this.peer.join("alice").send("You came late");
			this.peer.await(replies(1), allAcknowledged());
			assertThat(this.peer.check().faults()).isEmpty();
		}
	}

	@Test
	void saysThatTheTokenIsRefusedAndGoesOnWhenItIsAcceptedAgain() {
		this.peer.refuseWithStatus(401);
		try (AgentProcess agent = AgentProcess
			.sample(this.peer.access(), "--pacerelle.reconnect.token-refused-backoff=500ms")
			.start()) {
			agent.awaitLog("copy the token from the app again");
			assertThat(agent.isRunning()).isTrue();
			this.peer.acceptAgain();
			this.peer.await(connected());
			this.peer.join("alice").send("The token is right");
			this.peer.await(replies(1), allAcknowledged());
		}
	}

	@Test
	void logsTheVerificationCodeOnRequest() {
		try (AgentProcess agent = AgentProcess.sample(this.peer.access(), "--pacerelle.log-verification-code=true")
			.start()) {
			this.peer.await(connected());
			agent.awaitLog(this.peer.stats().verificationCode());
		}
	}

	@Test
	void keepsItsIdentityAndItsSessionsOverARestart() {
		try (AgentProcess agent = AgentProcess.sample(this.peer.access()).start()) {
			this.peer.await(connected());
			NativePerson alice = this.peer.join("alice", "alice", "conv-alice", "phone");
			alice.send("before the restart");
			this.peer.await(replies(1), allAcknowledged());
			String verificationCode = this.peer.stats().verificationCode();
			agent.stop();
			this.peer.await(disconnected());
			alice.send(Messages.numbered(10));
			agent.start();
			this.peer.await(connections(2), replies(11), allAcknowledged());
			assertThat(this.peer.check().faults()).isEmpty();
			assertThat(this.peer.stats().verificationCode()).isEqualTo(verificationCode);
		}
	}

	@Test
	void refusesToShareAStore() {
		try (AgentProcess first = AgentProcess.sample(this.peer.access()).start()) {
			this.peer.await(connected());
			AgentProcess second = first.another().start();
			await().atMost(Duration.ofMinutes(2)).until(() -> !second.isRunning());
			assertThat(second.log()).contains("APPLICATION FAILED TO START", "store");
			assertThat(this.peer.stats().connections()).isEqualTo(1);
			this.peer.join("alice").send("Are you still there?");
			this.peer.await(replies(1), allAcknowledged());
		}
	}

}
