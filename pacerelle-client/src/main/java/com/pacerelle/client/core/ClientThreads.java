package com.pacerelle.client.core;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The threads of a client, by what they do. They share no work, so that a slow handler,
 * disk or network delays nothing else.
 */
final class ClientThreads {

	private static final int SENDING_THREADS = 16;

	private static final int LOOK_AHEAD_THREADS = 4;

	private static final int DECODING_THREADS = 1;

	private static final int FILE_THREADS = 8;

	/** Each costs a stack; virtual threads cost next to nothing. */
	private static final int MAX_WAITING_THREADS = 1000;

	private static final Duration CLOSING_TIME = Duration.ofSeconds(1);

	private final LoopResources network;

	private final boolean ownNetwork;

	private final ExecutorService lookingAhead = Threads.pool("pacerelle-answer", LOOK_AHEAD_THREADS, false);

	private final ExecutorService decoding = Threads.pool("pacerelle-decode", DECODING_THREADS, false);

	private final ExecutorService sending = Threads.pool("pacerelle-send", SENDING_THREADS, false);

	private final ExecutorService delivering = Threads.pool("pacerelle-outbox", 1, false);

	private final ExecutorService transferring = Threads.pool("pacerelle-files", FILE_THREADS, false);

	private final Scheduler sender = Schedulers.fromExecutorService(this.sending);

	private final Scheduler files = Schedulers.fromExecutorService(this.transferring);

	private final ExecutorService handling;

	private final int maxWaiting;

	/**
	 * Creates the threads; each starts when there is work.
	 * @param virtual whether handlers run on virtual threads where the JDK has them
	 * @param shared those that the client shares with others, or {@code null}
	 */
	ClientThreads(boolean virtual, @Nullable SharedThreads shared) {
		this.ownNetwork = shared == null;
		this.network = (shared != null) ? shared.network() : LoopResources.create("pacerelle", 1, true);
		this.handling = Threads.unbounded("pacerelle-handler", virtual);
		this.maxWaiting = Threads.areVirtual(virtual) ? Integer.MAX_VALUE : MAX_WAITING_THREADS;
	}

	/**
	 * The event loop.
	 */
	LoopResources network() {
		return this.network;
	}

	/**
	 * Runs handlers and what follows them.
	 */
	Executor handling() {
		return this.handling;
	}

	/**
	 * How many handlers may wait for a person on threads of their own.
	 */
	int maxWaiting() {
		return this.maxWaiting;
	}

	/**
	 * Looks at messages ahead of their turn.
	 */
	Executor lookingAhead() {
		return this.lookingAhead;
	}

	/**
	 * Decodes large frames, one after the other.
	 */
	Executor decoding() {
		return this.decoding;
	}

	/**
	 * Where sending may block.
	 */
	Scheduler sending() {
		return this.sender;
	}

	/**
	 * Reads undelivered frames and commits deliveries, one task at a time.
	 */
	Executor delivering() {
		return this.delivering;
	}

	/**
	 * Encrypts, uploads and downloads files.
	 */
	Scheduler files() {
		return this.files;
	}

	/**
	 * Sends what the application has submitted so far, and accepts nothing more.
	 * @param limit how long to wait
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	void finishSending(Duration limit) throws InterruptedException {
		finish(this.sending, limit);
	}

	/**
	 * Stops all threads but the event loop.
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	void stop() throws InterruptedException {
		finish(this.delivering, CLOSING_TIME);
		this.handling.shutdown();
		this.lookingAhead.shutdown();
		this.decoding.shutdown();
		this.transferring.shutdownNow();
	}

	/**
	 * Stops the event loop, if no other client has it.
	 */
	void stopNetwork() {
		if (this.ownNetwork) {
			stop(this.network);
		}
	}

	/**
	 * Waits for event loops to end, but not for long: on a busy machine they end later,
	 * which is no error.
	 */
	static void stop(LoopResources network) {
		network.disposeLater(Duration.ZERO, CLOSING_TIME)
			.timeout(CLOSING_TIME.multipliedBy(2))
			.onErrorComplete()
			.block();
	}

	private static void finish(ExecutorService executor, Duration limit) throws InterruptedException {
		executor.shutdown();
		executor.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
	}

}
