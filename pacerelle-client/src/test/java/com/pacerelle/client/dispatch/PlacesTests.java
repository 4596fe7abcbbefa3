package com.pacerelle.client.dispatch;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlacesTests {

	private final Places places = new Places(2, Runnable::run);

	private final List<String> began = new ArrayList<>();

	@Test
	void areGivenInOrderWhileThereAreAny() {
		this.places.queue("alice", candidate("one"));
		this.places.queue("alice", candidate("two"));
		this.places.queue("alice", candidate("three"));
		this.places.fill();
		assertThat(this.began).containsExactly("one", "two");
		this.places.leave("alice");
		this.places.fill();
		assertThat(this.began).containsExactly("one", "two", "three");
	}

	@Test
	void areGivenFirstToThoseThatComeBack() {
		this.places.queue("alice", candidate("new"));
		this.places.queueReturning(candidate("back"));
		this.places.fill();
		assertThat(this.began).containsExactly("back", "new");
	}

	@Test
	void goToTheNextWhenOneNeedsNone() {
		this.places.queueReturning(() -> this.began.add("needs none"));
		this.places.queue("alice", candidate("one"));
		this.places.queue("alice", candidate("two"));
		this.places.fill();
		assertThat(this.began).containsExactly("needs none", "one", "two");
	}

	@Test
	void areGivenToPeopleInTurnsWhateverEachHasWaiting() {
		for (int i = 0; i < 3; i++) {
			this.places.queue("alice", candidate("alice " + i));
		}
		this.places.queue("bob", candidate("bob", "bob"));
		this.places.fill();
		assertThat(this.began).containsExactly("alice 0", "bob");
		this.places.queue("carol", candidate("carol", "carol"));
		this.places.leave("alice");
		this.places.leave("bob");
		this.places.fill();
		assertThat(this.began).startsWith("alice 0", "bob").hasSize(4).contains("alice 1", "carol");
	}

	@Test
	void areKeptInPartForThoseThatHaveNone() {
		Places many = new Places(8, Runnable::run);
		for (int i = 0; i < 100; i++) {
			many.queue("alice", () -> {
				many.take("alice");
				this.began.add("alice");
			});
		}
		many.fill();
		assertThat(this.began).hasSize(6);
		many.queue("bob", () -> {
			many.take("bob");
			this.began.add("bob");
		});
		many.fill();
		assertThat(this.began).hasSize(7).endsWith("bob");
	}

	@Test
	void areGivenToNobodyWhenClosedButThoseThatComeBackGoOnWithout() {
		this.places.queue("alice", candidate("before"));
		this.places.take("alice");
		this.places.take("alice");
		this.places.queueReturning(() -> this.began.add("back"));
		this.places.close();
		this.places.queue("alice", candidate("after"));
		this.places.fill();
		assertThat(this.began).containsExactly("back");
		assertThat(this.places.enter()).isFalse();
	}

	@Test
	void areIdleWhenNoneIsTakenAndNoThreadWorks() {
		assertThat(this.places.isIdle()).isTrue();
		this.places.take("alice");
		assertThat(this.places.isIdle()).isFalse();
		assertThat(this.places.enter()).isTrue();
		this.places.leave("alice");
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
		return candidate(name, "alice");
	}

	private Runnable candidate(String name, String owner) {
		return () -> {
			this.places.take(owner);
			this.began.add(name);
		};
	}

}
