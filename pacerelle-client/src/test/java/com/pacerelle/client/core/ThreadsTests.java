package com.pacerelle.client.core;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

class ThreadsTests {

	@ParameterizedTest(name = "virtual: {0}")
	@ValueSource(booleans = { false, true })
	void threadsAreNamedDaemonsAndVirtualWhereTheJdkHasThem(boolean virtual) throws Exception {
		ExecutorService pool = Threads.pool("test", 1, virtual);
		Thread thread = pool.submit(Thread::currentThread).get();
		assertThat(thread.isDaemon()).isTrue();
		assertThat(thread.getName()).startsWith("test-");
		boolean expected = virtual && Runtime.version().feature() >= 21;
		assertThat(thread.getClass().getSimpleName().equals("VirtualThread")).isEqualTo(expected);
		pool.shutdownNow();
	}

	@Test
	void whatComesAfterAShutdownIsDropped() {
		ExecutorService pool = Threads.pool("test", 1, false);
		pool.shutdown();
		assertThatNoException().isThrownBy(() -> pool.execute(() -> {
		}));
	}

	@Test
	void taskForWhichNoThreadCanBeStartedIsStartedLater() {
		AtomicInteger attempts = new AtomicInteger();
		AtomicBoolean done = new AtomicBoolean();
		ExecutorService pool = new Threads.Pool(0, 1, new SynchronousQueue<>(), (task) -> {
			if (attempts.incrementAndGet() < 3) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			return new Thread(task);
		});
		pool.execute(() -> done.set(true));
		await().until(done::get);
		assertThat(attempts).hasValue(3);
		pool.shutdownNow();
	}

}
