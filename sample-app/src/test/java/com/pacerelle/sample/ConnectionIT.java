package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;

import com.pacerelle.sample.NativePeer.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static com.pacerelle.sample.Condition.acknowledgements;
import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.chatsOver;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static com.pacerelle.sample.Condition.pings;
import static com.pacerelle.sample.Condition.replies;
import static com.pacerelle.sample.Condition.resent;
import static com.pacerelle.sample.Condition.unacknowledged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The agent comes back by itself, whatever happens to the connection, and nothing is lost
 * or doubled on the way. The pauses are shorter than in production.
 */
@RequiresPython
class ConnectionIT {

	@AutoClose
	private static NativePeer peer;

	@AutoClose
	private static AgentProcess agent;

	private static int people;

	private NativePerson alice;

	private int connections;

	@BeforeAll
	static void startAgent() {
		peer = NativePeer.start();
		agent = AgentProcess
			.sample(peer.access(), "--pacerelle.reconnect.min-backoff=50ms", "--pacerelle.reconnect.max-backoff=500ms",
					"--pacerelle.reconnect.token-refused-backoff=500ms", "--pacerelle.ping-interval=500ms",
					"--pacerelle.pong-timeout=500ms")
			.start();
		peer.await(connected());
	}

	@BeforeEach
	void meetAlice() {
		peer.await(connected());
		this.connections = peer.stats().connections();
		people++;
		this.alice = peer.join("alice-" + people, "alice", "conv-" + people, "phone");
		this.alice.send("before");
		peer.await(allAcknowledged());
	}

	@AfterEach
	void everythingIsAnswered() {
		this.alice.send("after");
		peer.await(connected(), allAcknowledged());
		Verdict verdict = peer.check(this.alice);
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted());
		await().untilAsserted(() -> assertThat(peer.stats().openConnections()).isEqualTo(1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1003, 1008, 1009, 1011, 1012, 1013, 3000, 4000, 4401, 4403, 4999 })
	void comesBackAfterTheRelayHasClosedTheConnection(int closeCode) {
		peer.disconnect(closeCode);
		this.alice.send("sent while the agent was away");
		peer.await(connections(this.connections + 1));
	}

	@Test
	void comesBackAfterTheConnectionWasCut() {
		peer.cut();
		this.alice.send("sent while the agent was away");
		peer.await(connections(this.connections + 1));
	}

	@Test
	void losesAndDoublesNothingWhenTheConnectionIsCutAgainAndAgainUnderLoad() {
		NativePerson bob = peer.join("bob");
		NativePerson carol = peer.join("carol", "carol", "conv-carol", "desk");
		peer.chat(List.of(this.alice, bob, carol), 150, 4, 200, 1);
		for (int cut = 1; cut <= 10; cut++) {
			peer.await(replies(peer.stats().replies() + 7 * cut % 20));
			peer.cut();
			peer.await(connections(this.connections + cut));
		}
		peer.await(Duration.ofSeconds(60), chatsOver(), allAcknowledged());
		assertThat(peer.check(bob, carol).faults()).isEmpty();
	}

	@Test
	void noticesAConnectionOnWhichNobodyHearsIt() {
		peer.halfOpen();
		this.alice.send("said to the wind");
		peer.await(connections(this.connections + 1));
	}

	@Test
	void answersPingsAndOtherPeopleWhileAHandlerTakesItsTime() {
		NativePerson slow = peer.join("slow");
		String[] ids = new String[3];
		for (int i = 0; i < ids.length; i++) {
			ids[i] = slow.send(Messages.exactly("/progress", "").unanswered()).ids().get(0);
		}
		this.alice.send("Do you hear me?");
		peer.await(unacknowledged(ids.length));
		assertThat(peer.stats().unacked()).containsExactly(ids);
		assertThat(this.alice.replies()).hasSize(2);
		peer.await(pings(peer.stats().pings() + 2));
		peer.await(allAcknowledged());
		assertThat(peer.stats().connections()).isEqualTo(this.connections);
	}

	@Test
	void sendsAgainWhatNoPongConfirmed() {
		int resent = peer.stats().resent();
		peer.mutePongs();
		this.alice.send(Messages.numbered(5));
		peer.await(connections(this.connections + 1), resent(resent + 5));
	}

	@Test
	void acknowledgesAgainWhenTheRelayForgotTheAcknowledgement() {
		NativePeer.Stats before = peer.stats();
		peer.ignoreAcknowledgements(true);
		this.alice.send("acknowledged in vain");
		peer.await(replies(before.replies() + 1), acknowledgements(before.acks() + 1));
		for (int cut = 1; cut <= 3; cut++) {
			peer.cut();
			peer.await(connections(this.connections + cut), acknowledgements(before.acks() + 1 + cut));
		}
		peer.ignoreAcknowledgements(false);
		peer.cut();
		peer.await(connections(this.connections + 4), allAcknowledged());
		assertThat(peer.stats().repeatedAcks()).isGreaterThan(before.repeatedAcks() + 3);
	}

	@Test
	void waitsForARelayThatIsDown() {
		peer.down();
		this.alice.send("sent while the relay was down");
		peer.up();
		peer.await(connections(this.connections + 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403, 404, 429, 500, 503 })
	void comesBackWhenRequestsAreNoLongerRefused(int status) {
		peer.refuseWithStatus(status);
		peer.cut();
		this.alice.send("sent while the agent was refused");
		awaitRefusedAttempts(2);
		peer.acceptAgain();
		peer.await(connections(this.connections + 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1008, 1013, 4401, 4403 })
	void comesBackWhenConnectionsAreNoLongerClosedAtOnce(int closeCode) {
		peer.refuseWithCloseCode(closeCode);
		peer.cut();
		this.alice.send("sent while the agent was refused");
		awaitRefusedAttempts(2);
		peer.acceptAgain();
		peer.await(connections(this.connections + 1));
	}

	private void awaitRefusedAttempts(int count) {
		peer.await(disconnected());
		int before = peer.stats().requests().get("GET /ws/agent");
		await().untilAsserted(
				() -> assertThat(peer.stats().requests().get("GET /ws/agent")).isGreaterThanOrEqualTo(before + count));
		assertThat(peer.stats().connections()).isEqualTo(this.connections);
	}

}
