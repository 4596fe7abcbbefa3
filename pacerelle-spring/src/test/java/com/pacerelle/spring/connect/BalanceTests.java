package com.pacerelle.spring.connect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.Distribution.Pin;
import com.pacerelle.client.store.Distribution.Placement;
import com.pacerelle.client.store.LeaseHolder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Balance}.
 */
class BalanceTests {

	private static final LeaseHolder OTHER = new LeaseHolder("other", Instant.EPOCH);

	private static final LeaseHolder THIS = new LeaseHolder("this", Instant.EPOCH);

	@ParameterizedTest
	@CsvSource(textBlock = """
			# processes, free, of others, mine, settled, take, give
			1, 10, 0, 0, false, 10, 0
			3, 10, 0, 0, false,  4, 0
			3,  2, 8, 0, false,  2, 0
			3,  0, 7, 3, true,   0, 0
			2,  3, 3, 3, true,   2, 0
			2,  0, 0, 9, false,  0, 0
			2,  0, 0, 9, true,   0, 4
			3,  0, 0, 9, true,   0, 6
			1,  5, 0, 5, false,  5, 0
			0,  5, 0, 0, false,  5, 0
			5,  0, 2, 2, true,   0, 1
			4,  0, 0, 0, true,   0, 0
			""")
	void aProcessTakesUpToItsShareAndGivesBackWhatIsAboveIt(int processes, int free, int others, int mine,
			boolean settled, int take, int give) {
		List<Placement> agents = new ArrayList<>();
		Map<String, Long> revisions = new HashMap<>();
		IntStream.range(0, free).forEach((i) -> agents.add(agent("free-" + i, null, Pin.NONE)));
		IntStream.range(0, others).forEach((i) -> agents.add(agent("other-" + i, OTHER, Pin.NONE)));
		IntStream.range(0, mine).forEach((i) -> {
			agents.add(agent("mine-" + i, THIS, Pin.NONE));
			revisions.put("mine-" + i, 1L);
		});
		Balance balance = Balance.of(new Distribution(processes, agents), revisions, settled, new Random(1));
		assertThat(balance.take()).hasSize(take).allMatch((agentId) -> agentId.startsWith("free-"));
		assertThat(balance.give()).hasSize(give).allMatch((agentId) -> agentId.startsWith("mine-"));
	}

	@Test
	void whatIsBeingTakenIsNotTakenTwice() {
		Distribution seen = new Distribution(1, List.of(agent("a", null, Pin.NONE)));
		assertThat(Balance.of(seen, Map.of("a", 1L), true, new Random(1))).isEqualTo(new Balance(List.of(), List.of()));
	}

	@Test
	void anAgentGoesWhereItIsPinned() {
		Distribution seen = new Distribution(2,
				List.of(agent("a", null, Pin.HERE), agent("b", null, Pin.HERE), agent("c", null, Pin.HERE),
						agent("d", null, Pin.ELSEWHERE), agent("e", THIS, Pin.ELSEWHERE), agent("f", null, Pin.NONE)));
		Balance balance = Balance.of(seen, Map.of("e", 1L), false, new Random(1));
		assertThat(balance.take()).containsExactlyInAnyOrder("a", "b", "c");
		assertThat(balance.give()).containsExactly("e");
	}

	@Test
	void whatIsPinnedHereIsNotGivenBack() {
		Distribution seen = new Distribution(3,
				List.of(agent("a", THIS, Pin.HERE), agent("b", THIS, Pin.HERE), agent("c", THIS, Pin.NONE)));
		assertThat(Balance.of(seen, Map.of("a", 1L, "b", 1L, "c", 1L), true, new Random(1)).give())
			.containsExactly("c");
	}

	@Test
	void whatWasRemovedOrChangedIsGivenBack() {
		Distribution seen = new Distribution(1, List.of(agent("a", THIS, Pin.NONE)));
		assertThat(Balance.of(seen, Map.of("a", 0L, "b", 1L), false, new Random(1)).give())
			.containsExactlyInAnyOrder("a", "b");
	}

	private static Placement agent(String agentId, @Nullable LeaseHolder holder, Pin pin) {
		return new Placement(agentId, 1, holder, pin);
	}

}
