package com.pacerelle.client;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlacesTests {

	private final Places places = new Places(2, Runnable::run);

	private final List<String> began = new ArrayList<>();

	@Test
	void areGivenInOrderWhileThereAreAny() {
		this.places.queue(candidate("one"));
		this.places.queue(candidate("two"));
		this.places.queue(candidate("three"));
		this.places.fill();
		assertThat(this.began).containsExactly("one", "two");
		this.places.leave();
		this.places.fill();
		assertThat(this.began).containsExactly("one", "two", "three");
	}

	@Test
	void areGivenFirstToThoseThatComeBack() {
		this.places.queue(candidate("new"));
		this.places.queueReturning(candidate("back"));
		this.places.fill();
		assertThat(this.began).containsExactly("back", "new");
	}

	@Test
	void goToTheNextWhenOneNeedsNone() {
		this.places.queueReturning(() -> this.began.add("needs none"));
		this.places.queue(candidate("one"));
		this.places.queue(candidate("two"));
		this.places.fill();
		assertThat(this.began).containsExactly("needs none", "one", "two");
	}

	@Test
	void areNotGivenToThoseThatHaveWithdrawn() {
		Runnable candidate = candidate("one");
		this.places.queue(candidate);
		assertThat(this.places.withdraw(candidate)).isTrue();
		assertThat(this.places.withdraw(candidate)).isFalse();
		this.places.fill();
		assertThat(this.began).isEmpty();
	}

	@Test
	void areGivenToNobodyWhenClosedButThoseThatComeBackGoOnWithout() {
		this.places.queue(candidate("before"));
		this.places.take();
		this.places.take();
		this.places.queueReturning(() -> this.began.add("back"));
		this.places.close();
		this.places.queue(candidate("after"));
		this.places.fill();
		assertThat(this.began).containsExactly("back");
		assertThat(this.places.enter()).isFalse();
	}

	@Test
	void areIdleWhenNoneIsTakenAndNoThreadWorks() {
		assertThat(this.places.isIdle()).isTrue();
		this.places.take();
		assertThat(this.places.isIdle()).isFalse();
		assertThat(this.places.enter()).isTrue();
		this.places.leave();
		assertThat(this.places.isIdle()).isFalse();
		this.places.exit();
		assertThat(this.places.isIdle()).isTrue();
	}

	@Test
	void interruptOnlyThreadsThatWork() {
		this.places.enter();
		this.places.interrupt();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		this.places.exit();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		this.places.interrupt();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	private Runnable candidate(String name) {
		return () -> {
			this.places.take();
			this.began.add(name);
		};
	}

}
