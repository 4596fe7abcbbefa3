package com.pacerelle.client.message;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DateTimeTests {

	private static final LocalDate MAY_23 = LocalDate.of(2026, 5, 23);

	private final DateTime<LocalDate> date = DateTime.date("When?").id("schedule-review").min(MAY_23);

	private final DateTime<LocalTime> time = DateTime.time("When?");

	private final DateTime<LocalDateTime> dateTime = DateTime.dateTime("When?");

	@Test
	void hasModeAndBounds() {
		assertThat(this.date.spec()).isEqualTo(Map.of("title", "When?", "mode", "date", "min", "2026-05-23"));
		assertThat(this.time.min(LocalTime.of(9, 0)).max(LocalTime.of(17, 30)).spec())
			.isEqualTo(Map.of("title", "When?", "mode", "time", "min", "09:00", "max", "17:30"));
		assertThat(this.dateTime.max(MAY_23.atTime(9, 5, 7)).spec())
			.isEqualTo(Map.of("title", "When?", "mode", "datetime", "max", "2026-05-23T09:05:07"));
	}

	@Test
	void refusesBoundsThatLeaveNothing() {
		assertThat(this.date.max(MAY_23).max()).isEqualTo(MAY_23);
		assertThatIllegalArgumentException().isThrownBy(() -> this.date.max(MAY_23.minusDays(1)))
			.withMessage("'min' must not be after 'max': 2026-05-23, 2026-05-22");
	}

	@Test
	void refusesAnotherType() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new DateTime<>(WidgetHeader.of("When?"), Instant.class, null, null))
			.withMessage("'type' must be LocalDate, LocalTime or LocalDateTime, not java.time.Instant");
	}

	@Test
	void isAnsweredWithItsType() {
		assertThat(this.date.read(answer("date", "2026-05-24"))).isEqualTo(LocalDate.of(2026, 5, 24));
		assertThat(this.time.read(answer("time", "09:30"))).isEqualTo(LocalTime.of(9, 30));
		assertThat(this.dateTime.read(answer("datetime", "2026-05-24T09:30")))
			.isEqualTo(LocalDateTime.of(2026, 5, 24, 9, 30));
	}

	@Test
	void takesSeconds() {
		assertThat(this.time.read(answer("time", "09:30:15"))).isEqualTo(LocalTime.of(9, 30, 15));
		assertThat(this.dateTime.read(answer("datetime", "2026-05-24T09:30:00.000")))
			.isEqualTo(LocalDateTime.of(2026, 5, 24, 9, 30));
	}

	@Test
	void respectsItsBounds() {
		assertInvalid(this.date, answer("date", "2026-05-22"), "Choose nothing before 2026-05-23");
		assertThat(this.date.read(answer("date", "2026-05-23"))).isEqualTo(MAY_23);
		assertInvalid(this.time.max(LocalTime.of(17, 0)), answer("time", "17:00:01"), "Choose nothing after 17:00");
	}

	@Test
	void isNotAnsweredWithAnythingElse() {
		assertInvalid(this.date, answer("datetime", "2026-05-24"), "Choose a date");
		assertInvalid(this.date, answer("date", "2026-02-30"), "Choose a date");
		assertInvalid(this.date, answer("date", null), "Choose a date");
		assertInvalid(this.date, answer(null, "2026-05-24"), "Choose a date");
		assertInvalid(this.time, answer("time", "9:30"), "Choose a time");
		assertInvalid(this.dateTime, answer("datetime", "2026-05-24T09:30Z"), "Choose a date and a time");
		for (Object value : Arrays.asList(null, "2026-05-24", 20260524L)) {
			assertInvalid(this.date, Answers.of(value), "Choose a date");
		}
	}

	private static AgentMessage answer(String mode, Object value) {
		Map<String, Object> map = new HashMap<>();
		map.put("mode", mode);
		map.put("value", value);
		return Answers.of(map);
	}

	private static void assertInvalid(DateTime<?> widget, AgentMessage answer, String message) {
		assertThatExceptionOfType(InvalidAnswerException.class).isThrownBy(() -> widget.read(answer))
			.satisfies((ex) -> assertThat(ex.messages()).containsExactly(message));
	}

}
