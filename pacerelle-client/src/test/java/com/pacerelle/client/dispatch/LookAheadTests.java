package com.pacerelle.client.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

import com.pacerelle.client.dispatch.LookAhead.Entry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookAheadTests {

	private final Queue<Entry> entries = new ArrayDeque<>();

	private final Queue<Runnable> scheduled = new ArrayDeque<>();

	private final List<String> events = new ArrayList<>();

	private final LookAhead lookAhead = new LookAhead(this.entries, Runnable::run, this.scheduled::add,
			new LookAhead.Listener() {

				@Override
				public void lookingBegins() {
					LookAheadTests.this.events.add("begins");
				}

				@Override
				public void looked(Entry entry, boolean done) {
					if (done) {
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
		assertThat(this.events).containsExactly("begins", "one", "two", "three", "ends");
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
		assertThat(this.events).containsExactly("begins", "one", "ends", "begins", "one", "ends");
	}

	@Test
	void doesNotLookAtTheTaskThatHasBegun() {
		add("one", false).begun = true;
		add("two", false);
		this.lookAhead.allow();
		runScheduled();
		assertThat(this.events).containsExactly("begins", "two", "ends");
	}

	@Test
	void seesWhatComesWhileItLooks() {
		add("one", false);
		this.lookAhead.allow();
		add("two", false);
		this.lookAhead.look();
		assertThat(this.scheduled).hasSize(1);
		runScheduled();
		assertThat(this.events).containsExactly("begins", "one", "two", "ends");
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
		assertThat(this.events).containsExactly("begins", "ends");
	}

	@Test
	void endsWhenItIsStopped() {
		this.lookAhead.allow();
		add("one", false);
		this.lookAhead.look();
		this.lookAhead.stop();
		runScheduled();
		assertThat(this.events).containsExactly("begins", "ends");
	}

	@Test
	void goesOnWhenSomeCannotBeLookedAt() {
		this.entries.add(new Entry(task(() -> {
			throw new IllegalStateException();
		}), 0));
		this.entries.add(new Entry(task(() -> {
			throw new StackOverflowError();
		}), 0));
		add("three", false);
		this.lookAhead.allow();
		runScheduled();
		assertThat(this.events).containsExactly("begins", "three", "ends");
		assertThat(this.entries).hasSize(3);
	}

	private Entry add(String name, boolean done) {
		Entry entry = new Entry(task(() -> {
			this.events.add(name);
			return done;
		}), 0);
		this.entries.add(entry);
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
