package com.pacerelle.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import com.pacerelle.client.migration.SdkStoreImport;
import com.pacerelle.client.store.StoreImportException;
import com.pacerelle.sample.NativePeer.Verdict;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static com.pacerelle.sample.Condition.allAcknowledged;
import static com.pacerelle.sample.Condition.answered;
import static com.pacerelle.sample.Condition.chatsOver;
import static com.pacerelle.sample.Condition.connections;
import static com.pacerelle.sample.Condition.disconnected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An agent that has talked through the published SDK goes on in Java: people notice
 * nothing.
 */
@RequiresPython
class SdkStoreImportIT {

	@TempDir
	private Path directory;

	@AutoClose
	private final NativePeer peer = NativePeer.start();

	@AutoClose
	private final AgentProcess sdk = AgentProcess.publishedSdk(this.peer.access());

	private final Path signalDb = this.sdk.store().resolve(this.peer.access().agentId()).resolve("signal.db");

	@AutoClose
	private final AgentProcess java = AgentProcess.sample(this.peer.access(),
			"--pacerelle.store.import-from=" + this.signalDb);

	@Test
	void peopleAreAnsweredUnderTheSameVerificationCode() {
		this.sdk.start();
		this.peer.await(connections(1));
		List<NativePerson> people = List.of(this.peer.join("anna", "anna", "conv-anna", "phone"),
				this.peer.join("bert"), this.peer.join("carla", "carla", "conv-carla", "tablet"));
		chat(people, 1);
		this.sdk.kill();
		this.sdk.start();
		this.peer.await(connections(2));
		chat(people, 2);
		String verificationCode = this.peer.stats().verificationCode();
		NativePerson dora = this.peer.join("dora");
		dora.encrypt("Lost: what comes next still starts the session");
		this.peer.ignoreAcknowledgements(true);
		int answered = this.peer.stats().answered();
		people.forEach((person) -> person.send("Answered, but not acknowledged"));
		this.peer.await(answered(answered + 3));
		assertThatExceptionOfType(StoreImportException.class).isThrownBy(
				() -> SdkStoreImport.open(this.signalDb, this.directory, this.peer.access().agentId(), null).close())
			.withMessageContaining("is in use: stop the Python agent first");
		this.sdk.stop();
		this.peer.await(disconnected());
		this.peer.ignoreAcknowledgements(false);
		people.forEach((person) -> person.send("While no agent runs"));

		this.java.start();
		this.peer.await(connections(3));
		dora.send("From a bundle of the Python agent");
		this.peer.await(allAcknowledged());
		assertThat(this.peer.stats().repeatedAcks()).isPositive();
		assertThat(this.java.log())
			.contains("Imported " + this.signalDb + " from the Python SDK: sessions with 3" + " devices of 3 people");
		chat(people, 3);
		Verdict verdict = this.peer.check();
		assertThat(verdict.faults()).isEmpty();
		assertThat(verdict.answered()).isEqualTo(verdict.wanted());
		assertThat(this.peer.stats().verificationCode()).isEqualTo(verificationCode);
	}

	private void chat(List<NativePerson> people, long seed) {
		this.peer.chat(people, 5, 2, 100, seed);
		this.peer.await(Duration.ofMinutes(2), chatsOver(), allAcknowledged());
	}

}
