package com.pacerelle.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import com.pacerelle.sample.NativePeer.Verdict;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.chatsOver;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.replies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/**
 * Two instances of an application on one database: whatever happens to the active one
 * under load, the other one goes on, and people see no difference. With
 * {@code -Dstandby.kills=50 -Dstandby.pauses=10 -Dstandby.cuts=10 -Dstandby.stops=10} it
 * happens more often.
 */
@RequiresPython
class StandbyIT {

	private static final int KILLS = Integer.getInteger("standby.kills", 2);

	private static final int PAUSES = Integer.getInteger("standby.pauses", 1);

	private static final int CUTS = Integer.getInteger("standby.cuts", 1);

	private static final int STOPS = Integer.getInteger("standby.stops", 1);

	private static final int MESSAGES = 40;

	private static final String STANDBY = "This application is a standby";

	@AutoClose
	private final EmbeddedPostgres postgres = EmbeddedPostgres.start();

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	private Instance active = new Instance(this.postgres.getPort(), this.peer.access());

	private Instance standby = new Instance(this.postgres.getPort(), this.peer.access());

	private List<NativePerson> people;

	StandbyIT() throws IOException {
	}

	@AfterEach
	void stop() {
		try (Instance one = this.standby; Instance other = this.active) {
			assertThat(one).isNotSameAs(other);
		}
	}

	@Test
	void whateverHappensToTheActiveOneTheOtherGoesOn() {
		long seed = new Random().nextLong();
		assertThatCode(() -> goThroughAll(new Random(seed))).as("seed %d", seed).doesNotThrowAnyException();
	}

	private void goThroughAll(Random random) {
		this.active.process.start();
		this.peer.await(connections(1));
		this.standby.start();
		this.people = List.of(this.peer.join("alice-phone", "alice", "conv-alice", "phone"),
				this.peer.join("alice-desk", "alice", "conv-alice", "desk"), this.peer.join("bob"),
				this.peer.join("carol", "carol", "conv-carol", "tablet"));
		rounds("killed", KILLS, random, (instance) -> instance.process.kill(), (instance) -> instance.start());
		rounds("stopped", STOPS, random, (instance) -> instance.process.stop(), (instance) -> instance.start());
		rounds("paused", PAUSES, random, (instance) -> instance.process.pause(),
				(instance) -> instance.process.resume());
		rounds("cut off", CUTS - CUTS / 2, random, (instance) -> instance.database.cut(),
				(instance) -> instance.database.restore());
		rounds("cut off in silence", CUTS / 2, random, (instance) -> instance.database.fallSilent(),
				(instance) -> instance.database.restore());
		Verdict verdict = this.peer.check();
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted())
			.isEqualTo((KILLS + STOPS + PAUSES + CUTS) * this.people.size() * MESSAGES);
		System.out.printf("%d messages: lost 0, doubled 0, undecryptable 0; %d frames came again byte for byte%n",
				verdict.answered(), this.peer.stats().resent());
	}

	private void rounds(String what, int count, Random random, Consumer<Instance> fault, Consumer<Instance> repair) {
		List<Duration> times = new ArrayList<>();
		for (int round = 0; round < count; round++) {
			times.add(round(random, fault, repair));
		}
		if (!times.isEmpty()) {
			times.sort(null);
			System.out.printf("The active one was %s %d times, taken over after min %d ms, median %d ms, max %d ms%n",
					what, count, times.get(0).toMillis(), times.get(count / 2).toMillis(),
					times.get(count - 1).toMillis());
		}
	}

	/**
	 * Waits for the end of the chats before the next round, but not before it repairs
	 * what is broken: whoever comes back too late must disturb nobody.
	 */
	private Duration round(Random random, Consumer<Instance> fault, Consumer<Instance> repair) {
		NativePeer.Stats before = this.peer.stats();
		this.peer.chat(this.people, MESSAGES, 4, 200, random.nextLong());
		this.peer.await(replies(before.replies() + 1 + random.nextInt(this.people.size() * MESSAGES / 2)));
		Instance broken = this.active;
		int standbys = broken.standbys();
		long start = System.nanoTime();
		fault.accept(broken);
		this.peer.await(connections(before.connections() + 1));
		Duration time = Duration.ofNanos(System.nanoTime() - start);
		this.active = this.standby;
		this.standby = broken;
		repair.accept(broken);
		await().atMost(Duration.ofMinutes(2)).until(() -> broken.standbys() > standbys);
		this.peer.await(Duration.ofMinutes(5), chatsOver(), allAcknowledged());
		assertThat(this.peer.stats().connections()).as("nobody else connects").isEqualTo(before.connections() + 1);
		return time;
	}

	/**
	 * An application, and its way to the database.
	 */
	private static final class Instance implements AutoCloseable {

		private final TcpProxy database;

		private final AgentProcess process;

		Instance(int port, RelayAccess relay) {
			this.database = TcpProxy.to(port);
			this.process = AgentProcess.sampleWithTests(relay, "standby", List.of(Driver.class, HikariDataSource.class),
					"--pacerelle.store.type=jdbc",
					"--database.url=jdbc:postgresql://127.0.0.1:" + this.database.port() + "/postgres");
		}

		void start() {
			int before = standbys();
			this.process.start();
			await().atMost(Duration.ofMinutes(2)).until(() -> standbys() > before);
		}

		int standbys() {
			return this.process.log().split(STANDBY, -1).length - 1;
		}

		@Override
		public void close() {
			try (TcpProxy closed = this.database; AgentProcess stopped = this.process) {
				closed.restore();
				stopped.resume();
			}
		}

	}

}
