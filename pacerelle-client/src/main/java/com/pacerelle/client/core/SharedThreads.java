package com.pacerelle.client.core;

import reactor.netty.resources.LoopResources;

/**
 * What many clients of one process have in common, so that each needs fewer threads: the
 * event loops. Its clients have to be stopped before it is closed.
 */
public final class SharedThreads implements AutoCloseable {

	private static final int MAX_EVENT_LOOPS = 4;

	private final LoopResources network = LoopResources.create("pacerelle",
			Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()), true);

	/**
	 * Creates them; each thread starts when there is work.
	 */
	public SharedThreads() {
	}

	LoopResources network() {
		return this.network;
	}

	@Override
	public void close() {
		ClientThreads.stop(this.network);
	}

}
