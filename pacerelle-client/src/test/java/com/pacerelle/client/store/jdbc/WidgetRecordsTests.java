package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import com.pacerelle.client.store.IssuedWidget;
import com.pacerelle.client.store.IssuedWidget.Answering;
import com.pacerelle.client.store.StoreConflictException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Widgets that were sent, their answers and votes.
 */
@ParameterizedClass
@EnumSource
class WidgetRecordsTests {

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
	void nothingIsKnownOfAWidgetThatIsNoPoll() {
		commit(new Change.WidgetIssued(widget("lunch", null)));
		assertThat(this.store.issuedWidgets("kitchen", "dinner", "group:kitchen")).isEmpty();
		commit(vote("kitchen", "lunch", "ann", "[1]"));
		assertThat(this.store.votes("kitchen", "lunch")).isEmpty();
	}

	@Test
	void aWidgetIsReadAsItWasSent() {
		IssuedWidget asked = new IssuedWidget("kitchen", "sure", "ann", "ann", "m1", NOW, NOW.plusSeconds(60),
				Answering.ONCE, "{}", null, null);
		commit(new Change.WidgetIssued(asked));
		assertThat(this.store.issuedWidgets("kitchen", "sure", "ann")).containsExactly(asked);
		assertThat(this.store.issuedWidgets("kitchen", "sure", "bob")).isEmpty();
		assertThat(this.store.issuedWidgets("office", "sure", "ann")).isEmpty();
	}

	@Test
	void aWidgetIsAnsweredByOneMessage() {
		IssuedWidget asked = widget("sure", null);
		commit(new Change.WidgetIssued(asked));
		commit(new Change.WidgetAnswered(asked, "m1"));
		assertConflict(new Change.WidgetAnswered(asked, "m2"));
		assertThat(issued("sure").answeredBy()).isEqualTo("m1");
	}

	@Test
	void aWidgetThatIsSentAgainCanBeAnsweredAgain() {
		IssuedWidget first = widget("sure", null);
		commit(new Change.WidgetIssued(first), new Change.WidgetAnswered(first, "m1"));
		commit(new Change.WidgetIssued(at(first, NOW.plusSeconds(1))));
		assertConflict(new Change.WidgetAnswered(first, "m2"));
		assertThat(issued("sure").answeredBy()).isNull();
	}

	@Test
	void aHandlerAsksWithAWidgetOnceWhileItsMessageIsPending() {
		IssuedWidget asked = askedBy("m1", NOW);
		commit(TestChanges.pending("m1"), new Change.WidgetIssued(asked));
		assertConflict(new Change.WidgetIssued(asked));
		commit(TestChanges.pending("m2"), new Change.WidgetIssued(askedBy("m2", NOW.plusSeconds(1))));
		assertThat(this.store.issuedWidgets("kitchen", "sure", "ann")).extracting(IssuedWidget::askedBy)
			.containsExactly("m2", "m1");
		commit(TestChanges.accepted("m1"), TestChanges.accepted("m2"), TestChanges.pending("m3"));
		commit(new Change.WidgetIssued(askedBy("m3", NOW.plusSeconds(2))));
		assertThat(this.store.issuedWidgets("kitchen", "sure", "ann")).extracting(IssuedWidget::askedBy)
			.containsExactly("m3");
	}

	@Test
	void anUpdateChangesUntilWhenAWidgetCanBeAnswered() {
		commit(new Change.WidgetIssued(widget("sure", null)));
		commit(new Change.WidgetExpiryChanged("kitchen", "sure", "group:kitchen", NOW.plusSeconds(5)));
		assertThat(issued("sure").expiresAt()).isEqualTo(NOW.plusSeconds(5));
	}

	@Test
	void theOldestOpenWidgetsOfAConversationAreClosed() {
		IssuedWidget answered = widget("answered", null);
		commit(new Change.WidgetIssued(answered), new Change.WidgetAnswered(answered, "m1"),
				poll("kitchen", "lunch", NOW), vote("kitchen", "lunch", "ann", "[1]"), poll("office", "lunch", NOW));
		commit(IntStream.range(1, AgentStore.MAX_OPEN_WIDGETS)
			.mapToObj((i) -> new Change.WidgetIssued(at(widget("w" + i, null), NOW.plusSeconds(i))))
			.toArray(Change[]::new));
		assertThat(this.store.votes("kitchen", "lunch")).hasSize(1);
		commit(new Change.WidgetIssued(at(widget("last", null), NOW.plusSeconds(5000))));
		assertThat(this.store.issuedWidgets("kitchen", "lunch", "group:kitchen")).isEmpty();
		assertThat(this.store.votes("kitchen", "lunch")).isEmpty();
		assertThat(this.store.issuedWidgets("office", "lunch", "group:office")).hasSize(1);
		assertThat(issued("answered").answeredBy()).isEqualTo("m1");
		assertThat(issued("w1").answeredBy()).isNull();
		commit(new Change.WidgetIssued(at(widget("last", null), NOW.plusSeconds(5001))));
		assertThat(issued("w1").answeredBy()).as("one that is sent anew").isNull();
	}

	@Test
	void aVoteOnWhatIsNoPollIsNotStored() {
		commit(poll("kitchen", "lunch", NOW), vote("kitchen", "dinner", "ann", "[1]"),
				vote("office", "lunch", "ann", "[1]"));
		assertThat(this.store.votes("kitchen", "dinner")).isEmpty();
		assertThat(this.store.votes("office", "lunch")).isEmpty();
	}

	@Test
	void theLastVoteOfEachPersonCounts() {
		commit(poll("kitchen", "lunch", NOW), vote("kitchen", "lunch", "ann", "[1]"));
		commit(vote("kitchen", "lunch", "bob", "[1]"), vote("kitchen", "lunch", "ann", "[2]"));
		assertThat(issued("lunch").ballot()).isEqualTo("ballot of lunch");
		assertThat(this.store.votes("kitchen", "lunch")).isEqualTo(Map.of("ann", "[2]", "bob", "[1]"));
	}

	@Test
	void aVoteCanBeTakenBack() {
		commit(poll("kitchen", "lunch", NOW), vote("kitchen", "lunch", "ann", "[1]"));
		commit(vote("kitchen", "lunch", "ann", null), vote("kitchen", "lunch", "bob", null));
		assertThat(this.store.votes("kitchen", "lunch")).isEmpty();
	}

	@Test
	void aPollThatIsSentAgainBeginsAnew() {
		commit(poll("kitchen", "lunch", NOW), vote("kitchen", "lunch", "ann", "[1]"));
		commit(new Change.WidgetIssued(widget("lunch", "another ballot")));
		assertThat(issued("lunch").ballot()).isEqualTo("another ballot");
		assertThat(this.store.votes("kitchen", "lunch")).isEmpty();
	}

	@Test
	void pollsExpireWithTheirVotes() {
		commit(poll("kitchen", "old", NOW.minus(Duration.ofDays(2))), vote("kitchen", "old", "ann", "[1]"),
				poll("kitchen", "new", NOW), vote("kitchen", "new", "ann", "[1]"));
		commit(new Change.Expired(NOW, NOW.minus(Duration.ofDays(1))));
		assertThat(this.store.issuedWidgets("kitchen", "old", "group:kitchen")).isEmpty();
		assertThat(this.store.votes("kitchen", "old")).isEmpty();
		assertThat(issued("new").ballot()).isNotNull();
		assertThat(this.store.votes("kitchen", "new")).containsOnlyKeys("ann");
	}

	@Test
	void changesDoNotShowWhatPeopleVotedFor() {
		assertThat(poll("kitchen", "lunch", NOW))
			.hasToString("WidgetIssued[widget=IssuedWidget[conversationId=kitchen, widgetId=lunch]]");
		assertThat(vote("kitchen", "lunch", "ann", "[1]"))
			.hasToString("VoteCast[conversationId=kitchen, widgetId=lunch]");
	}

	@Test
	void whatAnOlderVersionAskedAndPutToTheVoteCanStillBeAnswered(@TempDir Path older) throws SQLException {
		StoreDirectory.take(older, "agent").close();
		try (Connection connection = DriverManager
			.getConnection("jdbc:sqlite:" + older.resolve("agent").resolve("agent.db"));
				Statement statement = connection.createStatement()) {
			int version = 0;
			while (!Schema.MIGRATIONS.get(version).contains("CREATE TABLE widgets")) {
				statement.executeUpdate(Schema.MIGRATIONS.get(version++));
			}
			statement.executeUpdate("INSERT INTO messages VALUES ('m1', X'01', 'PENDING', 1, NULL, 'ann', 'kitchen',"
					+ " NULL, 'text')");
			statement.executeUpdate("INSERT INTO asked VALUES ('m1', 'sure', 1, 4102444800000)");
			statement.executeUpdate("INSERT INTO polls VALUES ('kitchen', 'lunch', 'ballot', 1)");
			statement.executeUpdate("INSERT INTO votes VALUES ('kitchen', 'lunch', 'ann', '[1]')");
			statement.executeUpdate("PRAGMA user_version = " + version);
		}
		try (AgentStore migrated = SqliteAgentStore.open(older, "agent")) {
			assertThat(migrated.issuedWidgets("kitchen", "sure", "ann")).singleElement().satisfies((widget) -> {
				assertThat(widget.addressee()).isEqualTo("ann");
				assertThat(widget.askedBy()).isEqualTo("m1");
				assertThat(widget.expiresAt()).isEqualTo(Instant.ofEpochMilli(4102444800000L));
			});
			assertThat(migrated.issuedWidgets("kitchen", "lunch", "group:kitchen")).extracting(IssuedWidget::ballot)
				.containsExactly("ballot");
			assertThat(migrated.votes("kitchen", "lunch")).containsOnlyKeys("ann");
		}
	}

	private void commit(Change... changes) {
		this.store.commitAsync(List.of(changes)).join();
	}

	private void assertConflict(Change... changes) {
		assertThat(this.store.commitAsync(List.of(changes))).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(StoreConflictException.class);
	}

	private IssuedWidget issued(String widgetId) {
		return this.store.issuedWidgets("kitchen", widgetId, "group:kitchen").get(0);
	}

	private static IssuedWidget widget(String widgetId, @Nullable String ballot) {
		return new IssuedWidget("kitchen", widgetId, "group:kitchen", null, null, NOW, null, Answering.COLLECTIVE, null,
				ballot, null);
	}

	private static IssuedWidget askedBy(String messageId, Instant issuedAt) {
		return new IssuedWidget("kitchen", "sure", "ann", "ann", messageId, issuedAt, null, Answering.ONCE, null, null,
				null);
	}

	private static IssuedWidget at(IssuedWidget widget, Instant issuedAt) {
		return new IssuedWidget(widget.conversationId(), widget.widgetId(), widget.recipient(), null, null, issuedAt,
				null, widget.answering(), null, widget.ballot(), null);
	}

	private static Change poll(String conversationId, String widgetId, Instant sentAt) {
		return new Change.WidgetIssued(new IssuedWidget(conversationId, widgetId, "group:" + conversationId, null, null,
				sentAt, null, Answering.COLLECTIVE, null, "ballot of " + widgetId, null));
	}

	private static Change vote(String conversationId, String widgetId, String userId, String vote) {
		return new Change.VoteCast(conversationId, widgetId, userId, vote);
	}

}
