package com.pacerelle.client.store.jdbc;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.pacerelle.client.store.AgentStore;
import com.pacerelle.client.store.Change;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static com.pacerelle.client.store.jdbc.TestChanges.NOW;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Polls and their votes.
 */
class PollRecordsTests {

	@TempDir
	private Path root;

	private AgentStore store;

	@BeforeEach
	void open() {
		this.store = SqliteAgentStore.open(this.root, "agent");
	}

	@AfterEach
	void close() {
		this.store.close();
	}

	@Test
	void nothingIsKnownOfAWidgetThatIsNoPoll() {
		assertThat(this.store.ballot("kitchen", "lunch")).isNull();
		assertThat(this.store.votes("kitchen", "lunch")).isEmpty();
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
		assertThat(this.store.ballot("kitchen", "lunch")).isEqualTo("ballot of lunch");
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
		commit(new Change.PollSent("kitchen", "lunch", "another ballot", NOW));
		assertThat(this.store.ballot("kitchen", "lunch")).isEqualTo("another ballot");
		assertThat(this.store.votes("kitchen", "lunch")).isEmpty();
	}

	@Test
	void pollsExpireWithTheirVotes() {
		commit(poll("kitchen", "old", NOW.minus(Duration.ofDays(2))), vote("kitchen", "old", "ann", "[1]"),
				poll("kitchen", "new", NOW), vote("kitchen", "new", "ann", "[1]"));
		commit(new Change.Expired(NOW, NOW.minus(Duration.ofDays(1))));
		assertThat(this.store.ballot("kitchen", "old")).isNull();
		assertThat(this.store.votes("kitchen", "old")).isEmpty();
		assertThat(this.store.ballot("kitchen", "new")).isNotNull();
		assertThat(this.store.votes("kitchen", "new")).containsOnlyKeys("ann");
	}

	@Test
	void changesDoNotShowWhatPeopleVotedFor() {
		assertThat(poll("kitchen", "lunch", NOW)).hasToString("PollSent[conversationId=kitchen, widgetId=lunch]");
		assertThat(vote("kitchen", "lunch", "ann", "[1]"))
			.hasToString("VoteCast[conversationId=kitchen, widgetId=lunch]");
	}

	private void commit(Change... changes) {
		this.store.commitAsync(List.of(changes)).join();
	}

	private static Change poll(String conversationId, String widgetId, Instant sentAt) {
		return new Change.PollSent(conversationId, widgetId, "ballot of " + widgetId, sentAt);
	}

	private static Change vote(String conversationId, String widgetId, String userId, String vote) {
		return new Change.VoteCast(conversationId, widgetId, userId, vote);
	}

}
