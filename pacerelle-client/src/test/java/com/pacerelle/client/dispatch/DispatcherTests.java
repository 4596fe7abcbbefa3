package com.pacerelle.client.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import com.pacerelle.client.core.Threads;
import com.pacerelle.client.wire.ConversationKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
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
		Task meeting = (turn) -> {
			both.countDown();
			await().until(() -> both.getCount() == 0);
			turn.done();
		};
		this.dispatcher.dispatch(ONE, 0, meeting);
		this.dispatcher.dispatch(TWO, 0, meeting);
		assertThat(both.await(1, TimeUnit.MINUTES)).isTrue();
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
			if (attempts.incrementAndGet() < 3 || this.done.isEmpty()) {
				turn.pause(Duration.ofMillis(1));
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
	void thereIsNoRoomForMoreThanTheCapacityAndTheListenerIsToldOfRoomOnce() {
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
		Thread stopping = new Thread(() -> stop(Duration.ofMinutes(1)));
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
		await().until(() -> this.done.equals(List.of(1)));
	}

	@Test
	void taskThatWaitsGivesItsPlaceAndTakesOneAgain() {
		Dispatcher single = new Dispatcher(this.executor, this.executor, Schedulers.parallel(), 1, 4, 100);
		AtomicReference<Turn> waiting = new AtomicReference<>();
		AtomicReference<Turn> busy = new AtomicReference<>();
		single.dispatch(ONE, 0, (turn) -> {
			turn.await();
			waiting.set(turn);
		});
		single.dispatch(TWO, 0, busy::set);
		await().until(() -> waiting.get() != null && busy.get() != null);
		waiting.get().resume(() -> {
			this.done.add(1);
			waiting.get().done();
		});
		assertThat(this.done).isEmpty();
		busy.get().done();
		await().until(() -> this.done.equals(List.of(1)));
	}

	@Test
	void taskThatWaitsForTwoAnswersGetsBothWithOnePlace() {
		Dispatcher single = new Dispatcher(this.executor, this.executor, Schedulers.parallel(), 1, 4, 100);
		AtomicReference<Turn> waiting = new AtomicReference<>();
		AtomicReference<Turn> busy = new AtomicReference<>();
		single.dispatch(ONE, 0, (turn) -> {
			turn.await();
			turn.await();
			waiting.set(turn);
		});
		single.dispatch(TWO, 0, busy::set);
		await().until(() -> waiting.get() != null && busy.get() != null);
		CountDownLatch both = new CountDownLatch(2);
		waiting.get().resume(both::countDown);
		waiting.get().resume(both::countDown);
		busy.get().done();
		await().until(() -> both.getCount() == 0);
		waiting.get().done();
	}

	@Test
	void taskThatWaitsAgainBeforeItHasItsPlaceGetsAllAnswersWithOnePlace() {
		Dispatcher single = new Dispatcher(this.executor, this.executor, Schedulers.parallel(), 1, 4, 100);
		AtomicReference<Turn> waiting = new AtomicReference<>();
		AtomicReference<Turn> busy = new AtomicReference<>();
		single.dispatch(ONE, 0, (turn) -> {
			turn.await();
			waiting.set(turn);
		});
		single.dispatch(TWO, 0, busy::set);
		await().until(() -> waiting.get() != null && busy.get() != null);
		CountDownLatch both = new CountDownLatch(2);
		waiting.get().resume(both::countDown);
		waiting.get().await();
		waiting.get().resume(both::countDown);
		assertThat(both.getCount()).isEqualTo(2);
		busy.get().done();
		await().until(() -> both.getCount() == 0);
		waiting.get().done();
	}

	@Test
	void tasksBehindOneThatWaitsTakeNoRoomUntilItResumes() {
		AtomicReference<Turn> waiting = new AtomicReference<>();
		this.dispatcher.dispatch(ONE, 90, (turn) -> {
			turn.await();
			waiting.set(turn);
		});
		await().until(() -> waiting.get() != null);
		for (int i = 0; i < 4; i++) {
			this.dispatcher.dispatch(ONE, 20, Turn::done);
		}
		assertThat(this.dispatcher.hasRoom()).isTrue();
		CountDownLatch resumed = new CountDownLatch(1);
		waiting.get().resume(resumed::countDown);
		await().until(() -> resumed.getCount() == 0);
		assertThat(this.dispatcher.hasRoom()).isFalse();
		waiting.get().done();
		await().until(this.dispatcher::hasRoom);
	}

	@Test
	void whatExceedsTheRoomOfAConversationIsLeftUntilItIsDeliveredAgain() {
		AtomicInteger asked = new AtomicInteger();
		this.dispatcher.onLeft(asked::incrementAndGet);
		AtomicReference<Turn> waiting = new AtomicReference<>();
		this.dispatcher.dispatch(ONE, 0, waiting::set);
		await().until(() -> waiting.get() != null);
		AtomicInteger left = new AtomicInteger();
		int number = Room.MAX_WAITING + 50;
		for (int i = 1; i < number; i++) {
			this.dispatcher.dispatch(ONE, 0, counted(i, left));
		}
		assertThat(left).hasValue(50);
		assertThat(asked).hasValue(0);
		this.dispatcher.dispatch(TWO, 0, (turn) -> {
			this.done.add(-1);
			turn.done();
		});
		await().until(() -> this.done.contains(-1));
		await().until(this.dispatcher::hasRoom);
		waiting.get().done();
		await().until(() -> asked.get() == 1 && this.done.size() == Room.MAX_WAITING);
		this.dispatcher.dispatch(ONE, 0, counted(0, left));
		assertThat(left).as("ahead of those that were left").hasValue(51);
		this.dispatcher.deliveredAgain();
		for (int i = Room.MAX_WAITING; i < number; i++) {
			this.dispatcher.dispatch(ONE, 0, counted(i, left));
		}
		await().until(() -> this.done.size() == number);
		assertThat(this.done).isSorted();
		assertThat(left).hasValue(51);
		assertThat(asked).hasValue(1);
	}

	private Task counted(int number, AtomicInteger left) {
		return new Task() {

			@Override
			public void run(Turn turn) {
				DispatcherTests.this.done.add(number);
				turn.done();
			}

			@Override
			public void drop() {
				left.incrementAndGet();
			}

		};
	}

	@Test
	void tasksAreLookedAtForTheAnswerAlsoWhenThereIsNoRoomForThem() {
		AtomicReference<Turn> waiting = new AtomicReference<>();
		this.dispatcher.dispatch(ONE, 0, (turn) -> {
			turn.allowLookAhead();
			turn.await();
			waiting.set(turn);
		});
		await().until(() -> waiting.get() != null);
		AtomicInteger left = new AtomicInteger();
		for (int i = 1; i < Room.MAX_WAITING; i++) {
			this.dispatcher.dispatch(ONE, 0, counted(i, left));
		}
		this.dispatcher.dispatch(ONE, 0, counted(0, left));
		await().until(() -> left.get() == 1);
		CountDownLatch answered = new CountDownLatch(1);
		this.dispatcher.dispatch(ONE, 0, new Task() {

			@Override
			public void run(Turn turn) {
				turn.done();
			}

			@Override
			public boolean lookAhead() {
				answered.countDown();
				return true;
			}

		});
		await().until(() -> answered.getCount() == 0);
		waiting.get().resume(waiting.get()::done);
		await().until(() -> this.done.size() == Room.MAX_WAITING - 1);
		assertThat(this.done).isSorted();
		assertThat(left).hasValue(1);
	}

	@Test
	void onlyTheIdsStayInMemoryOfThoseThatWaitBehindMany() {
		AtomicReference<Turn> waiting = new AtomicReference<>();
		this.dispatcher.dispatch(ONE, 0, waiting::set);
		for (int i = 0; i < 40; i++) {
			this.dispatcher.dispatch(ONE, 1, counted(i, new AtomicInteger()));
		}
		this.dispatcher.dispatch(TWO, 70, counted(100, new AtomicInteger()));
		await().until(this.dispatcher::hasRoom);
		assertThat(waiting.get()).isNotNull();
		waiting.get().done();
		await().until(() -> this.done.size() == 41);
	}

	@Test
	void stopCancelsThoseThatWait() throws InterruptedException {
		List<String> cancelled = new CopyOnWriteArrayList<>();
		AtomicReference<Turn> waiting = new AtomicReference<>();
		this.dispatcher.dispatch(ONE, 0, new Task() {

			@Override
			public void run(Turn turn) {
				turn.await();
				waiting.set(turn);
			}

			@Override
			public void cancel() {
				cancelled.add("one");
				waiting.get().done();
			}

		});
		await().until(() -> waiting.get() != null);
		this.dispatcher.stop(Duration.ofMinutes(1));
		assertThat(cancelled).containsExactly("one");
	}

	@RepeatedTest(5)
	void randomSchedulesKeepOrderAndLoseNothing() {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		int concurrency = 1 + random.nextInt(3);
		ExecutorService threads = Threads.unbounded("random", false);
		Dispatcher subject = new Dispatcher(threads, this.executor, Schedulers.parallel(), concurrency, 10_000,
				1_000_000);
		List<List<Integer>> order = new ArrayList<>();
		Map<Integer, AtomicInteger> inLane = new HashMap<>();
		AtomicInteger active = new AtomicInteger();
		List<String> wrong = new CopyOnWriteArrayList<>();
		for (int lane = 0; lane < 8; lane++) {
			order.add(new CopyOnWriteArrayList<>());
			inLane.put(lane, new AtomicInteger());
		}
		int number = 400;
		for (int i = 0; i < number; i++) {
			int id = i;
			int lane = random.nextInt(8);
			int kind = random.nextInt(5);
			AtomicBoolean again = new AtomicBoolean(kind == 3);
			ConversationKey key = new ConversationKey("person", "c-" + lane);
			subject.dispatch(key, 10, new Task() {

				@Override
				public void run(Turn turn) {
					enter();
					if (inLane.get(lane).incrementAndGet() != 1) {
						wrong.add("two tasks of lane " + lane);
					}
					if (again.getAndSet(false)) {
						leave();
						turn.pause(Duration.ofMillis(1));
					}
					else if (kind == 1 || kind == 2) {
						active.decrementAndGet();
						turn.allowLookAhead();
						turn.await();
						Schedulers.parallel().schedule(() -> {
							turn.endLookAhead();
							turn.resume(() -> {
								enter();
								finish(turn);
							});
						}, id % 3, TimeUnit.MILLISECONDS);
					}
					else if (kind == 4) {
						threads.execute(() -> finish(turn));
					}
					else {
						finish(turn);
					}
				}

				private void enter() {
					if (active.incrementAndGet() > concurrency) {
						wrong.add("more than " + concurrency + " at once");
					}
				}

				private void leave() {
					inLane.get(lane).decrementAndGet();
					active.decrementAndGet();
				}

				private void finish(Turn turn) {
					order.get(lane).add(id);
					leave();
					turn.done();
				}

				@Override
				public boolean lookAhead() {
					if (id % 7 == 0) {
						DispatcherTests.this.done.add(id);
						return true;
					}
					return false;
				}

			});
			if (random.nextInt(20) == 0) {
				subject.allowLookAhead(key);
				Schedulers.parallel()
					.schedule(() -> subject.endLookAhead(key), random.nextInt(3), TimeUnit.MILLISECONDS);
			}
		}
		await().alias("seed " + seed)
			.until(() -> this.done.size() + order.stream().mapToInt(List::size).sum() == number);
		assertThat(wrong).as("seed %d", seed).isEmpty();
		assertThat(order).as("seed %d", seed).allSatisfy((lane) -> assertThat(lane).isSorted());
		assertThat(subject.hasRoom()).isTrue();
		threads.shutdownNow();
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
