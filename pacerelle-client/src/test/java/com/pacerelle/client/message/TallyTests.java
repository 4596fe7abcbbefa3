package com.pacerelle.client.message;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TallyTests {

	private final Tally<String> tally = new Tally<>(List.of("lint", "test", "build"),
			Map.of("alice", List.of("lint", "test"), "bob", List.of("test"), "carol", List.of()));

	@Test
	void countsPeople() {
		assertThat(this.tally.total()).isEqualTo(3);
		assertThat(this.tally.count("test")).isEqualTo(2);
		assertThat(this.tally.voters("test")).containsExactlyInAnyOrder("alice", "bob");
		assertThat(this.tally.counts()).containsExactly(Map.entry("lint", 1), Map.entry("test", 2),
				Map.entry("build", 0));
	}

	@Test
	void knowsWhatLeads() {
		assertThat(this.tally.leading()).containsExactly("test");
		assertThat(new Tally<>(List.of(true, false), Map.of("alice", List.of(true), "bob", List.of(false))).leading())
			.containsExactly(true, false);
		assertThat(new Tally<>(List.of(true, false), Map.of()).leading()).isEmpty();
	}

	@Test
	void canHaveOptionsOfAnotherType() {
		assertThat(this.tally.map(String::length).counts()).isEqualTo(Map.of(4, 2, 5, 0));
	}

	@Test
	void refusesVotesForWhatIsNoOption() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Tally<>(List.of("lint"), Map.of("alice", List.of("deploy"))))
			.withMessage("'votes' must only have options");
	}

}
