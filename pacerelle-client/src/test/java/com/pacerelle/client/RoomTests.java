package com.pacerelle.client;

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
	void tasksBehindQuestionsTakeNoneFromOthers() {
		this.room.countBehindQuestion(1000);
		assertThat(this.room.isFree()).isTrue();
	}

	@Test
	void isCrowdedWhenTooManyTasksWaitBehindOneQuestion() {
		assertThat(this.room.isCrowded(Room.MAX_BEHIND_QUESTION)).isFalse();
		assertThat(this.room.isCrowded(Room.MAX_BEHIND_QUESTION + 1)).isTrue();
	}

	@Test
	void isCrowdedWhenTasksBehindAllQuestionsAreTooLarge() {
		this.room.countBehindQuestion(100);
		assertThat(this.room.isCrowded(1)).isFalse();
		this.room.countBehindQuestion(1);
		assertThat(this.room.isCrowded(1)).isTrue();
		this.room.countBehindQuestion(-1);
		assertThat(this.room.isCrowded(1)).isFalse();
	}

}
