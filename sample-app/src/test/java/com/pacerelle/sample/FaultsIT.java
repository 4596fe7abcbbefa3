package com.pacerelle.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.connected;
import static com.pacerelle.sample.Condition.disconnected;
import static com.pacerelle.sample.Condition.replies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Faults of the disk, the short form of {@code benchmarks/faults.py}: the agent says what
 * is wrong, and goes on when it is right again.
 */
@RequiresPython
class FaultsIT {

	@AutoClose
	private NativePeer peer = NativePeer.start();

	@AutoClose
	private AgentProcess agent = AgentProcess.sample(this.peer.access()).start();

	private final Path database = this.agent.store().resolve(this.peer.access().agentId()).resolve("agent.db");

	@Test
	void refusesADamagedStoreAndGoesOnWithABackupOfIt() throws IOException {
		NativePerson alice = meetAlice();
		this.agent.stop();
		this.peer.await(disconnected());
		alice.send(Messages.numbered(10));
		byte[] backup = Files.readAllBytes(this.database);
		byte[] damaged = backup.clone();
		byte[] page = new byte[1024];
		new Random(1).nextBytes(page);
		// The second page is the root of the first table.
		System.arraycopy(page, 0, damaged, page.length, page.length);
		Files.write(this.database, damaged);

		this.agent.start();
		await().atMost(Duration.ofMinutes(2)).until(() -> !this.agent.isRunning());
		assertThat(this.agent.log()).contains("APPLICATION FAILED TO START", "put a backup back");
		assertThat(Files.readAllBytes(this.database)).isEqualTo(damaged);

		Files.write(this.database, backup);
		this.agent.start();
		everythingIsAnswered(11);
	}

	@Test
	void waitsForADatabaseThatAnotherProcessHasLocked() throws SQLException {
		NativePerson alice = meetAlice();
		try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + this.database);
				Statement statement = other.createStatement()) {
			statement.execute("BEGIN EXCLUSIVE");
			alice.send(Messages.numbered(10));
			await().during(Duration.ofSeconds(2))
				.untilAsserted(() -> assertThat(this.peer.stats().unacked()).hasSize(10));
			statement.execute("ROLLBACK");
		}
		everythingIsAnswered(11);
	}

	private NativePerson meetAlice() {
		this.peer.await(connected());
		NativePerson alice = this.peer.join("alice", "alice", "conv-alice", "phone");
		alice.send("before the fault");
		this.peer.await(replies(1), allAcknowledged());
		return alice;
	}

	private void everythingIsAnswered(int messages) {
		this.peer.await(connected(), replies(messages), allAcknowledged());
		assertThat(this.peer.check().faults()).isEmpty();
	}

}
