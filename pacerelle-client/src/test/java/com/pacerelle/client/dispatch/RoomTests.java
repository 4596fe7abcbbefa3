package com.pacerelle.client.dispatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoomTests {

	private final Room room = new Room(8, 100);

	@Test
	void isFreeUntilThereAreTooManyTasks() {
		this.room.count(7, 0);
		assertThat(this.room.isFree()).isTrue();
		this.room.count(1, 0);
		assertThat(this.room.isFree()).isFalse();
	}

	@Test
	void isFreeUntilTheTasksAreTooLarge() {
		this.room.count(1, 99);
		assertThat(this.room.isFree()).isTrue();
		this.room.count(1, 1);
		assertThat(this.room.isFree()).isFalse();
	}

	@Test
	void whoFoundNoneIsToldOnceWhenMoreThanAQuarterIsFree() {
		this.room.count(8, 100);
		assertThat(this.room.isFree()).isFalse();
		this.room.count(-2, -50);
		assertThat(this.room.isFreeAgain()).isFalse();
		this.room.count(-1, 25);
		assertThat(this.room.isFreeAgain()).isFalse();
		this.room.count(0, -1);
		assertThat(this.room.isFreeAgain()).isTrue();
		assertThat(this.room.isFreeAgain()).isFalse();
	}

	@Test
	void whoFoundSomeIsNotTold() {
		assertThat(this.room.isFree()).isTrue();
		assertThat(this.room.isFreeAgain()).isFalse();
	}

	@Test
	void takesNoMoreOfOneConversationThanItsShare() {
		assertThat(this.room.takes(Room.MAX_WAITING - 1, 0, 0)).isTrue();
		assertThat(this.room.takes(Room.MAX_WAITING, 0, 0)).isFalse();
		assertThat(this.room.takes(1, 40, 10)).isTrue();
		assertThat(this.room.takes(1, 40, 11)).isFalse();
	}

	@Test
	void takesTheFirstOfAConversationAlsoWhenOthersHaveTakenTooMuch() {
		this.room.count(8, 150);
		assertThat(this.room.takes(1, 0, 0)).isFalse();
		assertThat(this.room.takes(0, 0, 0)).isTrue();
		this.room.count(1, 50);
		assertThat(this.room.takes(0, 0, 0)).isFalse();
	}

	@Test
	void takesOnlyAFewOfEachConversationWhenVeryManyWait() {
		this.room.countWaiting(Room.MAX_WAITING_IN_ALL);
		assertThat(this.room.takes(Room.MAX_WHOLE, 0, 0)).isFalse();
		assertThat(this.room.takes(Room.MAX_WHOLE - 1, 0, 0)).isTrue();
	}

	@Test
	void isCrowdedWhenMoreWaitThanAreHandledSoon() {
		assertThat(this.room.isCrowded(Room.MAX_WHOLE, 0)).isFalse();
		assertThat(this.room.isCrowded(Room.MAX_WHOLE + 1, 0)).isTrue();
	}

	@Test
	void isCrowdedByWhateverWaitsWhenThereIsNone() {
		this.room.count(8, 0);
		assertThat(this.room.isCrowded(1, 0)).isFalse();
		assertThat(this.room.isFree()).isFalse();
		assertThat(this.room.isCrowded(1, 0)).isTrue();
		assertThat(this.room.isCrowded(0, 0)).isFalse();
	}

	@Test
	void isDrainedWhenAGoodPartIsFree() {
		assertThat(this.room.isDrained(Room.MAX_WAITING / 4)).isTrue();
		assertThat(this.room.isDrained(Room.MAX_WAITING / 4 + 1)).isFalse();
		this.room.count(1, 51);
		assertThat(this.room.isDrained(0)).isFalse();
	}

}
