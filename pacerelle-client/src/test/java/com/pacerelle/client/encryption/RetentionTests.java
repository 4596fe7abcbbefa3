package com.pacerelle.client.encryption;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.pacerelle.client.AgentGatewaySettings;
import com.pacerelle.client.HandlingSettings;
import com.pacerelle.client.LogCapture;
import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.jdbc.SqliteAgentStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When old records are deleted (gateway.md section 11).
 */
class RetentionTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	@TempDir
	private Path root;

	private HandlingSettings settings = settings(30);

	private AgentStore store;

	private Instant now = START;

	private long nanos;

	private Retention retention;

	@BeforeEach
	void open() {
		this.store = SqliteAgentStore.open(this.root, "agent-1");
		this.retention = start();
		accept(3);
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void recordsAreDeletedAfterSixtyDays() {
		pass(Duration.ofDays(60));
		assertThat(left(3)).isEqualTo(3);
		pass(Duration.ofSeconds(1));
		assertThat(left(3)).isZero();
	}

	@Test
	void clockThatJumpsByMonthsDeletesNothingAndIsTold() {
		pass(Duration.ofDays(10));
		try (LogCapture log = new LogCapture()) {
			this.now = this.now.plus(Duration.ofDays(200));
			this.retention.deleteSome();
			pass(Duration.ofDays(20));
			assertThat(left(3)).isEqualTo(3);
			assertThat(log.lines()).filteredOn((line) -> line.contains("correct the clock")).hasSize(1);
		}
		this.now = this.now.minus(Duration.ofDays(200));
		pass(Duration.ofDays(29));
		assertThat(left(3)).isEqualTo(3);
		pass(Duration.ofDays(2));
		assertThat(left(3)).isZero();
	}

	@Test
	void clockThatJumpsWhileTheProcessDoesNotRunDeletesNothingEither() {
		pass(Duration.ofDays(10));
		this.now = this.now.plus(Duration.ofDays(300));
		this.nanos = 5;
		this.retention = start();
		this.retention.deleteSome();
		assertThat(left(3)).isEqualTo(3);
		pass(Duration.ofDays(24));
		assertThat(left(3)).isEqualTo(3);
		pass(Duration.ofDays(2));
		assertThat(left(3)).isZero();
	}

	@Test
	void clockThatIsSetBackDeletesLater() {
		this.now = this.now.minus(Duration.ofDays(5));
		pass(Duration.ofDays(64));
		assertThat(left(3)).isEqualTo(3);
		pass(Duration.ofDays(2));
		assertThat(left(3)).isZero();
	}

	@Test
	void oneBatchDeletesAThousandRecordsAndTheNextOneGoesOn() {
		accept(2500);
		this.retention.deleteSome();
		this.now = this.now.plus(Duration.ofDays(61));
		this.nanos += Duration.ofDays(61).toNanos();
		this.retention.deleteSome();
		assertThat(left(2500)).isEqualTo(1500);
		this.retention.deleteSome();
		this.retention.deleteSome();
		assertThat(left(2500)).isZero();
	}

	@Test
	void deadLettersAreDeletedAfterThirtyDaysOfTheSameTime() {
		bury(1500);
		this.now = this.now.plus(Duration.ofDays(200));
		this.retention.deleteSome();
		assertThat(this.store.deadLetters()).as("a clock that jumps").hasSize(1000);
		this.now = this.now.minus(Duration.ofDays(200));
		pass(Duration.ofDays(30));
		assertThat(this.store.deadLetters()).hasSize(1000);
		pass(Duration.ofSeconds(1));
		assertThat(this.store.deadLetters()).isEmpty();
		assertThat(this.store.receipt("d1")).extracting(Receipt::state).isEqualTo(Receipt.State.ACCEPTED);
	}

	@Test
	void deadLettersThatAreKeptLongerThanOtherRecordsStay() {
		this.settings = settings(90);
		this.retention = start();
		bury(3);
		pass(Duration.ofDays(80));
		pass(Duration.ofDays(1));
		assertThat(this.store.deadLetters()).hasSize(3);
		pass(Duration.ofDays(10));
		assertThat(this.store.deadLetters()).isEmpty();
	}

	private static HandlingSettings settings(int deadLetterDays) {
		return AgentGatewaySettings.builder("agent-1", "token")
			.handling((handling) -> handling.deadLetterRetention(Duration.ofDays(deadLetterDays)))
			.build()
			.handling();
	}

	private void bury(int number) {
		List<Change> changes = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			changes.add(new Change.MessagePending("d" + i, new byte[32], "text",
					new ReplyContext("alice", "c-1", "phone"), START));
			changes.add(new Change.MessageDead("d" + i, 1, "java.lang.Exception", START));
		}
		this.store.commitAndWait(changes);
	}

	private Retention start() {
		InstantSource source = () -> this.now;
		Retention started = new Retention(this.settings, this.store, source.withZone(ZoneOffset.UTC), () -> this.nanos);
		started.deleteSome();
		return started;
	}

	/** The clock and the process see the same time passing. */
	private void pass(Duration time) {
		this.now = this.now.plus(time);
		this.nanos += time.toNanos();
		this.retention.deleteSome();
	}

	private void accept(int number) {
		List<Change> changes = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			String id = "m" + i;
			if (this.store.receipt(id) == null) {
				changes.add(new Change.MessagePending(id, new byte[32], "text",
						new ReplyContext("alice", "c-1", "phone"), START));
				changes.add(new Change.MessageAccepted(id, START));
			}
		}
		this.store.commitAndWait(changes);
	}

	private long left(int number) {
		return IntStream.range(0, number).filter((i) -> this.store.receipt("m" + i) != null).count();
	}

}
