package com.pacerelle.client.event;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.pacerelle.client.ClientStoppedException;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The time until a client has stopped: who waits for it must not wait longer.
 */
public final class Lifetime {

	private final Set<MonoSink<?>> waiting = ConcurrentHashMap.newKeySet();

	private volatile boolean ending;

	private volatile boolean over;

	/**
	 * Limits what an application waits for.
	 * @param <T> what it gets
	 * @param work completes while the client runs
	 * @return fails with {@link ClientStoppedException} when the client has stopped, and
	 * at once when it stops and takes nothing more
	 */
	public <T> Mono<T> limit(Mono<T> work) {
		return Mono.defer(
				() -> this.ending ? Mono.error(new ClientStoppedException()) : Mono.firstWithSignal(work, failure()));
	}

	private <T> Mono<T> failure() {
		return Mono.create((sink) -> {
			this.waiting.add(sink);
			sink.onDispose(() -> this.waiting.remove(sink));
			if (this.over) {
				sink.error(new ClientStoppedException());
			}
		});
	}

	/**
	 * Refuses what comes from now on.
	 */
	public void refuse() {
		this.ending = true;
	}

	/**
	 * Ends what is waited for.
	 */
	public void end() {
		this.ending = true;
		this.over = true;
		this.waiting.forEach((sink) -> sink.error(new ClientStoppedException()));
	}

}
