package com.pacerelle.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

import com.pacerelle.sample.NativePeer.Verdict;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.answered;
import static com.pacerelle.sample.Condition.chatsOver;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The database of an agent is lost, and an old copy of it is put back.
 */
@RequiresPython
class RestoredStoreIT {

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private final AgentProcess agent = AgentProcess.sample(this.peer.access());

	private final Path database = this.agent.store().resolve(this.peer.access().agentId()).resolve("agent.db");

	@Test
	void anOldBackupIsRefusedAndGoesOnWhenItIsDeclared() throws IOException {
		this.agent.start();
		this.peer.await(connections(1));
		NativePerson quiet = this.peer.join("anna", "anna", "conv-anna", "phone");
		NativePerson talkative = this.peer.join("bert");
		chat(List.of(quiet, talkative), 1);
		this.agent.stop();
		this.peer.await(disconnected());
		Path backup = Files.copy(this.database, this.database.resolveSibling("backup"));
		this.agent.start();
		this.peer.await(connections(2));
		chat(List.of(talkative), 2);
		this.agent.stop();
		this.peer.await(disconnected());
		assertThat(this.peer.check().faults()).isEmpty();
		Files.move(backup, this.database, StandardCopyOption.REPLACE_EXISTING);

		this.agent.start();
		this.agent.awaitLog("is of an old backup");
		this.agent.awaitLog("set 'pacerelle.store.restored' to true for one start");
		await().atMost(Duration.ofMinutes(1)).until(() -> !this.agent.isRunning());

		this.agent.start(List.of("--pacerelle.store.restored=true"));
		this.peer.await(connections(3));
		this.agent.awaitLog("was declared to be a restored backup: 2 sessions send nothing");
		chat(List.of(quiet), 3);

		int answered = this.peer.stats().answered();
		String unreadable = talkative.send("In a session that the agent does not know any more");
		this.agent.awaitLog(unreadable + " of conversation conv-bert is refused and not acknowledged");
		this.peer.forget(unreadable);
		talkative.startOver();
		talkative.send("In a new session");
		this.peer.await(answered(answered + 1));
		chat(List.of(quiet), 4);

		Verdict verdict = this.peer.check(quiet);
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted());
		assertThat(this.peer.check(talkative).faults()).containsOnlyKeys("missing");
		this.agent.stop();
		this.agent.start();
		this.peer.await(connections(4));
		chat(List.of(quiet), 5);
	}

	private void chat(List<NativePerson> people, long seed) {
		this.peer.chat(people, 5, 2, 100, seed);
		this.peer.await(Duration.ofMinutes(2), chatsOver(), allAcknowledged());
	}

}
