package com.pacerelle.client;

import java.util.Objects;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Waits for answers on the calling thread.
 */
final class Answers {

	private Answers() {
	}

	static <T> T await(Mono<T> answer) {
		if (Schedulers.isInNonBlockingThread()) {
			throw new IllegalStateException("This thread must not wait for a person: return what 'ask' returns");
		}
		return Objects.requireNonNull(answer.block(), "The question has no answer");
	}

}
