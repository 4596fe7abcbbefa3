package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.OutboundFrame;
import com.pacerelle.client.store.Receipt;
import com.pacerelle.client.store.ReplyContext;
import com.pacerelle.client.store.StoreConflictException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.CONTEXT;
import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static com.pacerelle.client.store.jdbc.TestChanges.PEER;
import static com.pacerelle.client.store.jdbc.TestChanges.accepted;
import static com.pacerelle.client.store.jdbc.TestChanges.delivered;
import static com.pacerelle.client.store.jdbc.TestChanges.digest;
import static com.pacerelle.client.store.jdbc.TestChanges.frame;
import static com.pacerelle.client.store.jdbc.TestChanges.pending;
import static com.pacerelle.client.store.jdbc.TestChanges.rejected;
import static com.pacerelle.client.store.jdbc.TestChanges.session;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Receipts, reply contexts, devices and frames.
 */
@ParameterizedClass
@EnumSource
class MessageRecordsTests {

	@Parameter
	private StoreKind kind;

	@TempDir
	private Path root;

	private AgentStore store;

	@BeforeEach
	void open() {
		this.store = this.kind.open(this.root);
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void nothingIsKnownOfAMessageThatNeverCame() {
		assertThat(this.store.receipt("m1")).isNull();
		assertThat(this.store.replyContext("m1")).isNull();
	}

	@Test
	void aPendingMessageKeepsItsText() {
		String text = "Grüße \uD83D\uDE80\u0000 '; DROP TABLE messages; --" + "x".repeat(100_000);
		commit(new Change.MessagePending("m1", digest(7), text, CONTEXT, NOW));

		assertThat(this.store.receipt("m1")).usingRecursiveComparison()
			.isEqualTo(new Receipt("m1", digest(7), Receipt.State.PENDING, text, NOW));
		assertThat(this.store.replyContext("m1")).isEqualTo(CONTEXT);
	}

	@Test
	void anAcceptedMessageIsRememberedWithoutItsText() {
		commit(pending("m1"));
		commit(accepted("m1"));

		assertThat(this.store.receipt("m1")).usingRecursiveComparison()
			.isEqualTo(new Receipt("m1", Arrays.copyOf(digest(1), 8), Receipt.State.ACCEPTED, null, NOW));
		assertThat(this.store.receipt("m1").isOf(digest(1))).isTrue();
		assertThat(this.store.receipt("m1").isOf(digest(2))).isFalse();
		assertThat(this.store.replyContext("m1")).isEqualTo(CONTEXT);
	}

	@Test
	void aMessageCanBecomePendingAndAcceptedInOneCommit() {
		commit(pending("m1"), accepted("m1"));

		assertThat(state("m1")).isEqualTo(Receipt.State.ACCEPTED);
	}

	@Test
	void aMessageThatComesAndGoesInOneCommitContradictsOneThatIsThere() {
		commit(rejected("m1"));
		commit(pending("m1"), accepted("m1"));
		commit(pending("m2"));

		assertThat(state("m1")).isEqualTo(Receipt.State.ACCEPTED);
		assertThat(this.store.replyContext("m1")).isEqualTo(CONTEXT);
		for (String id : List.of("m1", "m2")) {
			assertConflict(pending(id), accepted(id));
		}
		assertThat(state("m2")).isEqualTo(Receipt.State.PENDING);
	}

	@Test
	void aRejectedMessageIsRememberedByItsDigestAndCannotBeRepliedTo() {
		commit(rejected("m1"));

		assertThat(this.store.receipt("m1")).usingRecursiveComparison()
			.isEqualTo(new Receipt("m1", digest(2), Receipt.State.REJECTED, null, NOW));
		assertThat(this.store.replyContext("m1")).isNull();
	}

	@Test
	void rejectedMessagesAreBoundedAndTheOldestGo() {
		commit(pending("pending"), pending("accepted"), accepted("accepted"));
		int number = ChangeWriter.MAX_REJECTED + 2 * ChangeWriter.REJECTIONS_PER_DELETION;
		commit(IntStream.range(0, number)
			.mapToObj((i) -> new Change.MessageRejected("r" + i, digest(2), NOW.plusMillis(i)))
			.toArray(Change[]::new));
		// Only every hundredth: each look at PostgreSQL opens a connection here.
		long left = 100 * IntStream.range(0, number / 100)
			.filter((i) -> this.store.receipt("r" + (100 * i + 99)) != null)
			.count();

		assertThat(left).isBetween((long) ChangeWriter.MAX_REJECTED,
				(long) ChangeWriter.MAX_REJECTED + ChangeWriter.REJECTIONS_PER_DELETION);
		assertThat(this.store.receipt("r0")).isNull();
		assertThat(state("r" + (number - 1))).isEqualTo(Receipt.State.REJECTED);
		assertThat(state("pending")).isEqualTo(Receipt.State.PENDING);
		assertThat(state("accepted")).isEqualTo(Receipt.State.ACCEPTED);
	}

	@Test
	void aRejectedMessageThatComesAgainWithOtherBytesMayBeRejectedOrDecrypted() {
		commit(rejected("m1"));
		commit(new Change.MessageRejected("m1", digest(3), NOW));
		assertThat(this.store.receipt("m1").digest()).isEqualTo(digest(3));

		commit(pending("m1"));
		assertThat(state("m1")).isEqualTo(Receipt.State.PENDING);
		assertThat(this.store.replyContext("m1")).isEqualTo(CONTEXT);
	}

	@Test
	void messagesThatAnOlderVersionAcceptedAreRemembered(@TempDir Path older) throws SQLException {
		StoreDirectory.take(older, "agent").close();
		try (Connection connection = DriverManager
			.getConnection("jdbc:sqlite:" + older.resolve("agent").resolve("agent.db"));
				Statement statement = connection.createStatement()) {
			int version = 0;
			while (!Schema.MIGRATIONS.get(version).contains("CREATE TABLE receipts")) {
				statement.executeUpdate(Schema.MIGRATIONS.get(version++));
			}
			String digest = HexFormat.of().formatHex(digest(1));
			for (String row : List.of(
					"'m1', X'" + digest + "', 'ACCEPTED', 1000, 2000, 'ann', 'kitchen', 'phone', NULL",
					"'m2', X'" + digest + "', 'ACCEPTED', 1000, 3000, 'ann', 'kitchen', NULL, NULL",
					"'m3', X'" + digest + "', 'PENDING', 1000, NULL, 'ann', 'kitchen', 'phone', 'text'",
					"'m4', X'" + digest + "', 'REJECTED', 1000, 4000, NULL, NULL, NULL, NULL")) {
				statement.executeUpdate("INSERT INTO messages VALUES (" + row + ")");
			}
			statement.executeUpdate("PRAGMA user_version = " + version);
		}
		try (AgentStore migrated = SqliteAgentStore.open(older, "agent")) {
			assertThat(migrated.receipt("m1").state()).isEqualTo(Receipt.State.ACCEPTED);
			assertThat(migrated.receipt("m1").isOf(digest(1))).isTrue();
			assertThat(migrated.receipt("m1").receivedAt()).isEqualTo(Instant.ofEpochSecond(2));
			assertThat(migrated.replyContext("m1")).isEqualTo(new ReplyContext("ann", "kitchen", "phone"));
			assertThat(migrated.replyContext("m2")).isEqualTo(new ReplyContext("ann", "kitchen", null));
			assertThat(migrated.receipt("m3").payload()).isEqualTo("text");
			assertThat(migrated.receipt("m4").state()).isEqualTo(Receipt.State.REJECTED);
		}
	}

	@Test
	void onlyAPendingMessageCanBeAccepted() {
		commit(pending("accepted"), accepted("accepted"), rejected("rejected"));

		assertConflict(accepted("unknown"));
		assertConflict(accepted("accepted"));
		assertConflict(accepted("rejected"));
	}

	@Test
	void aMessageThatWasDecryptedCannotBecomePendingAgain() {
		commit(pending("pending"), pending("accepted"), accepted("accepted"));

		assertConflict(pending("pending"));
		assertConflict(pending("accepted"));
	}

	@Test
	void aMessageThatWasDecryptedCannotBeRejected() {
		commit(pending("pending"), pending("accepted"), accepted("accepted"));

		assertConflict(rejected("pending"));
		assertConflict(rejected("accepted"));
	}

	@Test
	void aConflictUndoesAllChangesOfItsCommit() {
		commit(pending("m1"));

		assertConflict(session(PEER, (byte) 1), accepted("m1"), frame(1), accepted("m1"));

		assertThat(this.store.session(PEER)).isNull();
		assertThat(state("m1")).isEqualTo(Receipt.State.PENDING);
		assertThat(this.store.undelivered(0, 10)).isEmpty();
	}

	@Test
	void expiryCountsFromTheTimeAMessageWasSettledAndSparesPendingOnes() {
		Instant cutoff = NOW.plusSeconds(10);
		commit(pending("pending"), pending("accepted before"), pending("accepted after"));
		commit(new Change.MessageAccepted("accepted before", cutoff.minusMillis(1)),
				new Change.MessageAccepted("accepted after", cutoff),
				new Change.MessageRejected("rejected before", digest(2), cutoff.minusMillis(1)),
				new Change.MessageRejected("rejected after", digest(2), cutoff));

		commit(new Change.Expired(NOW, cutoff));

		assertThat(this.store.receipt("accepted before")).isNull();
		assertThat(this.store.replyContext("accepted before")).isNull();
		assertThat(this.store.receipt("rejected before")).isNull();
		assertThat(state("pending")).isEqualTo(Receipt.State.PENDING);
		assertThat(state("accepted after")).isEqualTo(Receipt.State.ACCEPTED);
		assertThat(state("rejected after")).isEqualTo(Receipt.State.REJECTED);
	}

	@Test
	void theLastDeviceIsTheOneThatWasUsedLast() {
		assertThat(this.store.lastDevice("ann", "kitchen")).isNull();

		commit(new Change.DeviceUsed("ann", "kitchen", "phone"));
		commit(new Change.DeviceUsed("ann", "kitchen", "laptop"));
		commit(new Change.DeviceUsed("ann", "garden", "watch"));
		commit(pending("m1", new ReplyContext("ann", "kitchen", "tablet")));

		assertThat(this.store.lastDevice("ann", "kitchen")).isEqualTo("laptop");
		assertThat(this.store.lastDevice("ann", "garden")).isEqualTo("watch");
		assertThat(this.store.lastDevice("bob", "kitchen")).isNull();
	}

	@Test
	void aDeviceUsesTheNameUnderWhichItWasSeenLast() {
		assertThat(this.store.usesPlainName("ann", "kitchen", "phone")).isFalse();

		commit(new Change.PeerNameSeen("ann", "kitchen", "phone", true));
		commit(pending("m1", new ReplyContext("ann", "kitchen", "phone")));
		assertThat(this.store.usesPlainName("ann", "kitchen", "phone")).isTrue();
		assertThat(this.store.usesPlainName("ann", "garden", "phone")).isFalse();

		commit(new Change.PeerNameSeen("ann", "kitchen", "phone", false));
		assertThat(this.store.usesPlainName("ann", "kitchen", "phone")).isFalse();
	}

	@Test
	void framesComeBackInTheirOrderAndByteForByteUntilTheyAreDelivered() {
		commit(frame(3), frame(1));
		commit(frame(2), frame(4));
		assertThat(this.store.undelivered(0, 3)).extracting(OutboundFrame::sequence).containsExactly(1L, 2L, 3L);
		assertThat(this.store.undelivered(3, 3)).containsExactly(new OutboundFrame(4, "{\"frame\":4}"));

		commit(delivered(2L, 4L));
		assertThat(this.store.undelivered(0, 10)).extracting(OutboundFrame::sequence).containsExactly(1L, 3L);

		commit(delivered(1L, 3L, 3L, 99L));
		assertThat(this.store.undelivered(0, 10)).isEmpty();
	}

	@Test
	void theLastSequenceIsNotForgottenWhenItsFrameIsDelivered() {
		assertThat(this.store.lastSequence()).isZero();

		commit(frame(1), frame(3));
		commit(frame(2));
		commit(delivered(1L, 2L, 3L));
		close();
		open();
		assertThat(this.store.lastSequence()).isEqualTo(3);

		commit(frame(4));
		assertThat(this.store.lastSequence()).isEqualTo(4);
		assertThat(this.store.undelivered(0, 10)).extracting(OutboundFrame::sequence).containsExactly(4L);
	}

	@Test
	void aFrameThatIsQueuedLateDoesNotBringBackADeliveredOne() {
		commit(frame(6));
		commit(delivered(6L));
		commit(frame(5));
		commit(frame(8), frame(7));
		commit(delivered(8L));

		assertThat(this.store.undelivered(0, 10)).extracting(OutboundFrame::sequence).containsExactly(5L, 7L);
		assertThat(this.store.lastSequence()).isEqualTo(8);
	}

	@Test
	void aSequenceIsUsedOnce() {
		commit(frame(1), frame(2));
		assertConflict(frame(1));

		commit(delivered(2L));
		assertConflict(frame(2));
	}

	@Test
	void whatIsWrittenNeverShowsInTheTextOfAChange() {
		assertThat(pending("m1").toString()).contains("m1").doesNotContain("text of");
		assertThat(frame(1).toString()).contains("1").doesNotContain("{\"");
		assertThat(new Receipt("m1", digest(1), Receipt.State.PENDING, "secret", NOW).toString()).contains("m1")
			.doesNotContain("secret");
		assertThat(session(PEER, new byte[0]).toString()).contains(PEER.name()).doesNotContain("[B@");
		assertThat(this.store.toString()).isEqualTo(
				this.kind.isPostgres() ? "PostgresAgentStore[PostgreSQL (agent '" + this.root.resolve("agent") + "')]"
						: "SqliteAgentStore[" + this.root.resolve("agent") + "]");
	}

	private Receipt.State state(String messageId) {
		Receipt receipt = this.store.receipt(messageId);
		assertThat(receipt).isNotNull();
		return receipt.state();
	}

	private void commit(Change... changes) {
		this.store.commitAsync(List.of(changes)).join();
	}

	private void assertConflict(Change... changes) {
		assertThat(this.store.commitAsync(List.of(changes))).failsWithin(Duration.ofMinutes(1))
			.withThrowableThat()
			.withCauseInstanceOf(StoreConflictException.class);
	}

}
