package com.pacerelle.spring.connect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import com.pacerelle.client.store.Distribution;
import com.pacerelle.client.store.Distribution.Pin;
import com.pacerelle.client.store.Distribution.Placement;

/**
 * What a process changes so that each has its share of the agents: it takes free ones up
 * to its share, and gives back what it has above it. An agent that is pinned goes where
 * it is pinned.
 *
 * @param take the agents that it takes
 * @param give the agents that it gives back
 */
record Balance(List<String> take, List<String> give) {

	/**
	 * Decides.
	 * @param seen who has which agent
	 * @param mine the revisions of the agents that this process has or is taking
	 * @param settled whether the processes have been the same for a while: what is free
	 * is taken at once, but a process that comes and goes moves nothing
	 * @param random lets processes that look at the same time take different ones
	 * @return what to change
	 */
	static Balance of(Distribution seen, Map<String, Long> mine, boolean settled, Random random) {
		Map<String, Placement> agents = seen.agents()
			.stream()
			.collect(Collectors.toMap(Placement::agentId, (placement) -> placement));
		int processes = Math.max(1, seen.processes());
		int share = (agents.size() + processes - 1) / processes;
		List<String> give = new ArrayList<>();
		List<Placement> kept = new ArrayList<>();
		mine.forEach((agentId, revision) -> {
			Placement placement = agents.get(agentId);
			if (placement != null && placement.revision() == revision && placement.pin() != Pin.ELSEWHERE) {
				kept.add(placement);
			}
			else {
				give.add(agentId);
			}
		});
		List<String> take = new ArrayList<>();
		List<String> free = new ArrayList<>();
		for (Placement placement : seen.agents()) {
			if (placement.holder() == null && !mine.containsKey(placement.agentId())) {
				switch (placement.pin()) {
					case HERE -> take.add(placement.agentId());
					case NONE -> free.add(placement.agentId());
					case ELSEWHERE -> {
					}
				}
			}
		}
		int room = share - kept.size() - take.size();
		Collections.shuffle(free, random);
		take.addAll(free.subList(0, Math.max(0, Math.min(room, free.size()))));
		if (settled) {
			kept.stream()
				.filter((placement) -> placement.pin() == Pin.NONE)
				.limit(Math.max(0, -room))
				.forEach((placement) -> give.add(placement.agentId()));
		}
		return new Balance(List.copyOf(take), List.copyOf(give));
	}

}
