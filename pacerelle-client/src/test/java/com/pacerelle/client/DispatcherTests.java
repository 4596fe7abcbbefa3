package com.pacerelle.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DispatcherTests {

	private static final ConversationKey ONE = new ConversationKey("alice", "one");

	private static final ConversationKey TWO = new ConversationKey("alice", "two");

	private final ExecutorService executor = Threads.unbounded("test", false);

	private final Dispatcher dispatcher = new Dispatcher(this.executor, this.executor, Schedulers.parallel(), 4, 4,
			100);

	private final List<Integer> done = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
	}

	@Test
	void tasksOfOneConversationRunOneAfterTheOtherInOrder() {
		AtomicInteger running = new AtomicInteger();
		for (int i = 0; i < 1000; i++) {
			int number = i;
			this.dispatcher.dispatch(ONE, 0, (turn) -> {
				assertThat(running.incrementAndGet()).isOne();
				this.done.add(number);
				running.decrementAndGet();
				turn.done();
			});
		}
		await().until(() -> this.done.size() == 1000);
		assertThat(this.done).isSorted();
	}

	@Test
	void tasksOfDifferentConversationsRunConcurrently() throws InterruptedException {
		CountDownLatch both = new CountDownLatch(2);
		Dispatcher.Task meeting = (turn) -> {
			both.countDown();
			await().until(() -> both.getCount() == 0);
			turn.done();
		};
		this.dispatcher.dispatch(ONE, 0, meeting);
		this.dispatcher.dispatch(TWO, 0, meeting);
		assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void noMoreConversationsRunAtOnceThanAllowed() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		for (int i = 0; i < 200; i++) {
			this.dispatcher.dispatch(new ConversationKey("alice", "c-" + i), 0, (turn) -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				Thread.yield();
				running.decrementAndGet();
				this.done.add(1);
				turn.done();
			});
		}
		await().until(() -> this.done.size() == 200);
		assertThat(most.get()).isBetween(1, 4);
	}

	@Test
	void taskThatPausesRunsAgainAheadOfLaterOnesAndHoldsUpNobodyElse() {
		AtomicInteger attempts = new AtomicInteger();
		this.dispatcher.dispatch(ONE, 0, (turn) -> {
			if (attempts.incrementAndGet() < 3) {
				turn.pause(Duration.ofMillis(30));
				return;
			}
			this.done.add(1);
			turn.done();
		});
		this.dispatcher.dispatch(ONE, 0, (turn) -> {
			this.done.add(2);
			turn.done();
		});
		this.dispatcher.dispatch(TWO, 0, (turn) -> {
			this.done.add(0);
			turn.done();
		});
		await().until(() -> this.done.size() == 3);
		assertThat(this.done).containsExactly(0, 1, 2);
	}

	@Test
	void thereIsNoRoomForMoreThanTheCapacityAndTheListenerHearsOfRoomOnce() {
		AtomicInteger heard = new AtomicInteger();
		this.dispatcher.onRoom(heard::incrementAndGet);
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 4; i++) {
			assertThat(this.dispatcher.hasRoom()).isTrue();
			this.dispatcher.dispatch(ONE, 0, (turn) -> {
				await().until(() -> release.getCount() == 0);
				this.done.add(1);
				turn.done();
			});
		}
		assertThat(this.dispatcher.hasRoom()).isFalse();
		release.countDown();
		await().until(() -> this.done.size() == 4 && heard.get() > 0);
		assertThat(heard).hasValue(1);
		assertThat(this.dispatcher.hasRoom()).isTrue();
	}

	@Test
	void thereIsNoRoomForMoreBytesThanTheCapacity() {
		CountDownLatch release = new CountDownLatch(1);
		this.dispatcher.dispatch(ONE, 100, (turn) -> {
			await().until(() -> release.getCount() == 0);
			turn.done();
		});
		assertThat(this.dispatcher.hasRoom()).isFalse();
		release.countDown();
		await().until(this.dispatcher::hasRoom);
	}

	@Test
	void stopWaitsForRunningTasksAndForgetsTheOthers() throws InterruptedException {
		CountDownLatch began = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.dispatcher.dispatch(ONE, 0, (turn) -> {
			began.countDown();
			await().until(() -> release.getCount() == 0);
			this.done.add(1);
			turn.done();
		});
		this.dispatcher.dispatch(ONE, 0, (turn) -> {
			this.done.add(2);
			turn.done();
		});
		began.await();
		Thread stopping = new Thread(() -> stop(Duration.ofSeconds(10)));
		stopping.start();
		await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
		release.countDown();
		stopping.join();
		assertThat(this.done).containsExactly(1);
	}

	@Test
	void stopInterruptsTasksThatNeedTooLong() throws InterruptedException {
		CountDownLatch began = new CountDownLatch(1);
		this.dispatcher.dispatch(ONE, 0, (turn) -> {
			began.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				this.done.add(1);
			}
			turn.done();
		});
		began.await();
		stop(Duration.ofMillis(10));
		assertThat(this.done).containsExactly(1);
	}

	private void stop(Duration grace) {
		try {
			this.dispatcher.stop(grace);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
