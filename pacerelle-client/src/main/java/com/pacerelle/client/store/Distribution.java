package com.pacerelle.client.store;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which process runs which of the agents that people have installed, at some moment.
 *
 * @param processes how many processes share the agents
 * @param agents all agents, in any order
 */
public record Distribution(int processes, List<Placement> agents) {

	/**
	 * Copies the list.
	 */
	public Distribution {
		agents = List.copyOf(agents);
	}

	/**
	 * Where an agent runs.
	 *
	 * @param agentId the agent
	 * @param revision another one when its installation has changed
	 * @param holder which process has it, or {@code null} if none has
	 * @param pin who wants it
	 */
	public record Placement(String agentId, long revision, @Nullable LeaseHolder holder, Pin pin) {
	}

	/**
	 * Whether a process wants an agent, whatever its share.
	 */
	public enum Pin {

		/** Any process may have it. */
		NONE,

		/** It is for this process. */
		HERE,

		/** It is for another process, which is there. */
		ELSEWHERE

	}

}
