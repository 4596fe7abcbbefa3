package com.pacerelle.client.encryption;

import java.time.Duration;

import com.pacerelle.signal.ProtocolAddress;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FailureBudgetTests {

	private static final ProtocolAddress PEER = ProtocolAddress.of("human:ann:kitchen");

	private final MovableClock clock = new MovableClock();

	private final FailureBudget budget = new FailureBudget(this.clock);

	@Test
	void someFailuresAreFree() {
		for (int i = 1; i < FailureBudget.FREE_FAILURES; i++) {
			assertThat(this.budget.failed(PEER)).isNull();
			assertThat(this.budget.isUsedUp(PEER)).isFalse();
		}
		assertThat(this.budget.failed(PEER)).isEqualTo(FailureBudget.FIRST_PAUSE);
		assertThat(this.budget.isUsedUp(PEER)).isTrue();
		assertThat(this.budget.isUsedUp(ProtocolAddress.of("human:ann:other"))).isFalse();
	}

	@Test
	void thePauseEndsAndTheNextOneIsTwiceAsLongUpToABound() {
		useUp(PEER);
		Duration pause = FailureBudget.FIRST_PAUSE;
		for (int i = 0; i < 20; i++) {
			this.clock.move(pause.minusMillis(1));
			assertThat(this.budget.isUsedUp(PEER)).isTrue();
			this.clock.move(Duration.ofMillis(1));
			assertThat(this.budget.isUsedUp(PEER)).isFalse();
			Duration next = this.budget.failed(PEER);
			assertThat(next).isEqualTo((i < 6) ? pause.multipliedBy(2) : FailureBudget.MAX_PAUSE);
			pause = next;
		}
	}

	@Test
	void aPeerWithoutFailuresForAWhileStartsAnew() {
		useUp(PEER);
		this.clock.move(FailureBudget.FORGET_AFTER);
		assertThat(this.budget.failed(PEER)).isNull();
	}

	@Test
	void onlySoManyPeersAreRemembered() {
		useUp(PEER);
		for (int i = 1; i < FailureBudget.MAX_PEERS; i++) {
			this.budget.failed(ProtocolAddress.of("peer " + i));
		}
		assertThat(this.budget.isUsedUp(PEER)).isTrue();
		this.budget.failed(ProtocolAddress.of("one more"));
		assertThat(this.budget.isUsedUp(PEER)).isFalse();
	}

	private void useUp(ProtocolAddress peer) {
		for (int i = 0; i < FailureBudget.FREE_FAILURES; i++) {
			this.budget.failed(peer);
		}
	}

}
