package com.pacerelle.client.outbound;

import java.util.ArrayList;
import java.util.List;

import com.pacerelle.client.outbound.CommitOrder.Batch;
import com.pacerelle.client.store.OutboundFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CommitOrderTests {

	private final CommitOrder order = new CommitOrder(7);

	@Test
	void framesAreNumberedAfterThoseOfTheStore() {
		assertThat(reserve("a", "b").frames()).containsExactly(new OutboundFrame(8, "a"), new OutboundFrame(9, "b"));
		assertThat(reserve("c").frames()).containsExactly(new OutboundFrame(10, "c"));
	}

	@Test
	void whatIsCommittedWaitsForWhatWasReservedBefore() {
		Batch first = reserve("a");
		Batch second = reserve("b", "c");
		Batch third = reserve("d");
		assertThat(settle(second, true)).isEmpty();
		assertThat(this.order.settled()).isEqualTo(7);
		assertThat(settle(first, true)).containsExactly(first, second);
		assertThat(this.order.settled()).isEqualTo(10);
		assertThat(this.order.isSettled()).isFalse();
		assertThat(settle(third, true)).containsExactly(third);
		assertThat(this.order.isSettled()).isTrue();
	}

	@Test
	void whatFailsIsNotReleasedAndHoldsUpNobody() {
		Batch failing = reserve("a");
		Batch next = reserve("b");
		assertThat(settle(next, true)).isEmpty();
		assertThat(settle(failing, false)).containsExactly(next);
		assertThat(this.order.settled()).isEqualTo(9);
	}

	@Test
	void acknowledgementsWithoutFramesKeepTheirPlace() {
		Batch frames = reserve("a");
		Batch acks = this.order.reserve(List.of(), List.of("ack"));
		assertThat(acks.lastSequence()).isEqualTo(8);
		assertThat(settle(acks, true)).isEmpty();
		assertThat(settle(frames, true)).containsExactly(frames, acks);
	}

	private List<Batch> settle(Batch batch, boolean committed) {
		this.order.settle(batch, committed);
		List<Batch> released = new ArrayList<>();
		for (Batch next = this.order.release(); next != null; next = this.order.release()) {
			released.add(next);
		}
		return released;
	}

	private Batch reserve(String... frames) {
		return this.order.reserve(List.of(frames), List.of());
	}

}
