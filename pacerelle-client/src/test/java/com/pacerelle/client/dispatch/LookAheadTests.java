package com.pacerelle.client.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

import com.pacerelle.client.dispatch.LookAhead.Entry;
import com.pacerelle.client.dispatch.LookAhead.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookAheadTests {

	private final Queue<Entry> entries = new ArrayDeque<>();

	private final Queue<Runnable> scheduled = new ArrayDeque<>();

	private final List<String> events = new ArrayList<>();

	private boolean crowded;

	private final LookAhead lookAhead = new LookAhead(this.entries, Runnable::run, this.scheduled::add,
			new LookAhead.Listener() {

				@Override
				public boolean isCrowded() {
					return LookAheadTests.this.crowded;
				}

				@Override
				public void looked(Entry entry, Outcome outcome) {
					if (entry.passing) {
						LookAheadTests.this.events.add("passed");
					}
					if (outcome == Outcome.DONE) {
						LookAheadTests.this.entries.remove(entry);
					}
				}

				@Override
				public void lookingEnds() {
					LookAheadTests.this.events.add("ends");
				}

			});

	@Test
	void looksAtNothingUnlessAllowed() {
		add("one", false);
		this.lookAhead.look();
		assertThat(this.lookAhead.isLooking()).isFalse();
		assertThat(this.scheduled).isEmpty();
	}

	@Test
	void looksAtAllInOrderAndHoldsTheLaneMeanwhile() {
		add("one", false);
		add("two", true);
		add("three", false);
		this.lookAhead.allow();
		assertThat(this.lookAhead.isLooking()).isTrue();
		runScheduled();
		assertThat(this.events).containsExactly("one", "two", "three", "ends");
		assertThat(this.lookAhead.isLooking()).isFalse();
		assertThat(this.entries).hasSize(2);
	}

	@Test
	void looksAtTheSameTaskAgainOnlyWhenAllowedAgain() {
		add("one", false);
		this.lookAhead.allow();
		runScheduled();
		this.lookAhead.look();
		assertThat(this.scheduled).isEmpty();
		this.lookAhead.allow();
		runScheduled();
		assertThat(this.events).containsExactly("one", "ends", "one", "ends");
	}

	@Test
	void doesNotLookAtTheTaskThatHasBegun() {
		add("one", false).begun = true;
		add("two", false);
		this.lookAhead.allow();
		runScheduled();
		assertThat(this.events).containsExactly("two", "ends");
	}

	@Test
	void seesWhatComesWhileItLooks() {
		add("one", false);
		this.lookAhead.allow();
		add("two", false);
		this.lookAhead.look();
		assertThat(this.scheduled).hasSize(1);
		runScheduled();
		assertThat(this.events).containsExactly("one", "two", "ends");
	}

	@Test
	void endsWhenItIsForbiddenAsOftenAsAllowed() {
		this.lookAhead.allow();
		this.lookAhead.allow();
		add("one", false);
		this.lookAhead.look();
		this.lookAhead.forbid(1);
		assertThat(this.lookAhead.isAllowed()).isTrue();
		this.lookAhead.forbid(1);
		runScheduled();
		assertThat(this.events).containsExactly("ends");
	}

	@Test
	void endsWhenItIsStopped() {
		this.lookAhead.allow();
		add("one", false);
		this.lookAhead.look();
		this.lookAhead.stop();
		runScheduled();
		assertThat(this.events).containsExactly("ends");
	}

	@Test
	void goesOnWhenSomeCannotBeLookedAt() {
		add(() -> {
			throw new IllegalStateException();
		});
		add(() -> {
			throw new StackOverflowError();
		});
		add("three", false);
		this.lookAhead.allow();
		runScheduled();
		assertThat(this.events).containsExactly("three", "ends");
		assertThat(this.entries).hasSize(3);
	}

	@Test
	void looksWithoutBeingAllowedWhenTasksAreCrowded() {
		this.crowded = true;
		add("one", false);
		add("two", false);
		runScheduled();
		assertThat(this.events).containsExactly("one", "two", "ends");
		add("three", false).begun = true;
		runScheduled();
		assertThat(this.events).doesNotContain("three");
	}

	@Test
	void givesWayToOtherLanesAfterSomeLooks() {
		this.crowded = true;
		for (int i = 0; i < 20; i++) {
			add("task", false);
		}
		this.scheduled.remove().run();
		assertThat(this.events).hasSize(16);
		runScheduled();
		assertThat(this.events).hasSize(21);
	}

	@Test
	void leavesWhatOnlyPassesWhenItIsForbidden() {
		this.lookAhead.allow();
		this.lookAhead.add(new Entry(task(() -> true), 0, true));
		this.lookAhead.forbid(1);
		runScheduled();
		assertThat(this.events).containsExactly("passed", "ends");
	}

	private Entry add(String name, boolean done) {
		return add(() -> {
			this.events.add(name);
			return done;
		});
	}

	private Entry add(BooleanSupplier look) {
		Entry entry = new Entry(task(look), 0);
		this.entries.add(entry);
		this.lookAhead.add(entry);
		return entry;
	}

	private void runScheduled() {
		while (!this.scheduled.isEmpty()) {
			this.scheduled.remove().run();
		}
	}

	private static Task task(BooleanSupplier lookAhead) {
		return new Task() {

			@Override
			public void run(Turn turn) {
				turn.done();
			}

			@Override
			public boolean lookAhead() {
				return lookAhead.getAsBoolean();
			}

		};
	}

}
