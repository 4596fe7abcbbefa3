package com.pacerelle.sample;

import java.time.Duration;
import java.util.List;
import java.util.Random;

import com.pacerelle.sample.NativePeer.Verdict;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.acknowledgements;
import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.chatsOver;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.published;
import static com.pacerelle.sample.Condition.replies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * {@code kill -9} at any moment: the relay delivers again what was not acknowledged, the
 * agent sends again what may not have arrived, and nobody sees a difference.
 */
@RequiresPython
class KillIT {

	private static final int KILLS = 22;

	private static final int MESSAGES = 300;

	@AutoClose
	private NativePeer peer = NativePeer.start();

	@AutoClose
	private AgentProcess agent = AgentProcess.sample(this.peer.access()).start();

	@Test
	void killedUnderLoadItLosesNothingAndDoublesNothing() {
		long seed = new Random().nextLong();
		assertThatCode(() -> killUnderLoad(new Random(seed))).as("seed %d", seed).doesNotThrowAnyException();
	}

	private void killUnderLoad(Random random) {
		this.peer.await(connections(1));
		List<NativePerson> people = List.of(this.peer.join("alice-phone", "alice", "conv-alice", "phone"),
				this.peer.join("alice-desk", "alice", "conv-alice", "desk"), this.peer.join("bob"),
				this.peer.join("carol", "carol", "conv-carol", "tablet"));
		this.peer.chat(people, MESSAGES, 4, 200, random.nextLong());
		for (int kill = 1; kill <= KILLS; kill++) {
			awaitSomething(kill, random);
			this.agent.kill();
			this.agent.start();
		}
		this.peer.await(Duration.ofMinutes(10), chatsOver(), allAcknowledged());
		Verdict verdict = this.peer.check();
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted()).isEqualTo(people.size() * MESSAGES);
		assertThat(this.peer.stats().resent()).as("frames that came again, byte for byte").isPositive();
		assertThat(this.agent.log()).doesNotContain("refused", "ERROR");
	}

	@Test
	void acknowledgesAgainButNeverAnswersAgainWhatItHadAccepted() {
		this.peer.await(connections(1));
		this.peer.ignoreAcknowledgements(true);
		NativePerson dora = this.peer.join("dora");
		dora.send(Messages.numbered(20));
		this.peer.await(acknowledgements(20));
		this.agent.kill();
		this.peer.ignoreAcknowledgements(false);
		this.agent.start();
		this.peer.await(connections(2), allAcknowledged());
		assertThat(this.peer.check().faults()).isEmpty();
		assertThat(this.peer.stats().repeatedAcks()).isEqualTo(20);
		assertThat(dora.replies()).hasSize(20);
	}

	@Test
	void readsFirstMessagesForKeysThatItPublishedRightBeforeItWasKilled() {
		for (int start = 1; start <= 4; start++) {
			this.peer.await(published(start));
			this.peer.join("person-" + start).send("the first message after start " + start);
			this.agent.kill();
			this.agent.start();
		}
		this.peer.await(published(5), allAcknowledged());
		Verdict verdict = this.peer.check();
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(4);
	}

	/**
	 * Most kills hit an agent that works, some hit one that starts.
	 */
	private void awaitSomething(int kill, Random random) {
		NativePeer.Stats stats = this.peer.stats();
		if (kill % 6 == 0) {
			this.peer.await(published(stats.uploads() + 1));
		}
		else if (kill % 6 == 1) {
			this.peer.await(connections(stats.connections() + ((kill == 1) ? 0 : 1)));
		}
		else {
			this.peer.await(replies(stats.replies() + 1 + random.nextInt(50)));
		}
	}

}
