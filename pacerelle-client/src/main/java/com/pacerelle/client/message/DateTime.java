package com.pacerelle.client.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.Temporal;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A question that is answered with a date, a time, or both, none with a time zone. Its
 * {@code toString()} has no text.
 *
 * @param <T> the type of the answer
 * @param header what every widget has
 * @param type {@link LocalDate}, {@link LocalTime} or {@link LocalDateTime}
 * @param min the earliest answer, or {@code null}
 * @param max the latest answer, not before {@code min}, or {@code null}
 */
public record DateTime<T extends Temporal & Comparable<? super T>>(WidgetHeader header, Class<T> type, @Nullable T min,
		@Nullable T max) implements Widget<T> {

	/**
	 * Creates a question.
	 * @throws IllegalArgumentException if {@code min} is after {@code max}, or the type
	 * is not one of the three
	 */
	public DateTime {
		mode(type);
		if (min != null && max != null && min.compareTo(max) > 0) {
			throw new IllegalArgumentException("'min' must not be after 'max': " + min + ", " + max);
		}
	}

	/**
	 * Asks for a date.
	 * @param title the question
	 * @return the widget
	 */
	public static DateTime<LocalDate> date(String title) {
		return new DateTime<>(WidgetHeader.of(title), LocalDate.class, null, null);
	}

	/**
	 * Asks for a time.
	 * @param title the question
	 * @return the widget
	 */
	public static DateTime<LocalTime> time(String title) {
		return new DateTime<>(WidgetHeader.of(title), LocalTime.class, null, null);
	}

	/**
	 * Asks for a date and a time.
	 * @param title the question
	 * @return the widget
	 */
	public static DateTime<LocalDateTime> dateTime(String title) {
		return new DateTime<>(WidgetHeader.of(title), LocalDateTime.class, null, null);
	}

	/**
	 * Sets the earliest answer.
	 * @param min the earliest
	 * @return the widget
	 */
	public DateTime<T> min(T min) {
		return new DateTime<>(this.header, this.type, min, this.max);
	}

	/**
	 * Sets the latest answer.
	 * @param max the latest
	 * @return the widget
	 */
	public DateTime<T> max(T max) {
		return new DateTime<>(this.header, this.type, this.min, max);
	}

	@Override
	public DateTime<T> id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public DateTime<T> body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public DateTime<T> expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public DateTime<T> data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public DateTime<T> with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private DateTime<T> header(WidgetHeader header) {
		return new DateTime<>(header, this.type, this.min, this.max);
	}

	@Override
	public String kind() {
		return "datetime";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header)
			.put("mode", mode(this.type))
			.put("min", (this.min != null) ? this.min.toString() : null)
			.put("max", (this.max != null) ? this.max.toString() : null)
			.build();
	}

	@Override
	public T read(AgentMessage answer) {
		Answer read = Answer.of(answer);
		Map<?, ?> value = read.value(Map.class, missing());
		if (!mode(this.type).equals(value.get("mode"))) {
			throw read.invalid(missing());
		}
		T time;
		try {
			time = parse(read.cast(value.get("value"), String.class, missing()));
		}
		catch (DateTimeException ex) {
			throw read.invalid(missing());
		}
		if (this.min != null && time.compareTo(this.min) < 0) {
			throw read.invalid("Choose nothing before " + this.min);
		}
		if (this.max != null && time.compareTo(this.max) > 0) {
			throw read.invalid("Choose nothing after " + this.max);
		}
		return time;
	}

	private T parse(String value) {
		return this.type.cast(switch (mode(this.type)) {
			case "date" -> LocalDate.parse(value);
			case "time" -> LocalTime.parse(value);
			default -> LocalDateTime.parse(value);
		});
	}

	private String missing() {
		return switch (mode(this.type)) {
			case "date" -> "Choose a date";
			case "time" -> "Choose a time";
			default -> "Choose a date and a time";
		};
	}

	private static String mode(Class<?> type) {
		if (type == LocalDate.class) {
			return "date";
		}
		if (type == LocalTime.class) {
			return "time";
		}
		if (type == LocalDateTime.class) {
			return "datetime";
		}
		throw new IllegalArgumentException(
				"'type' must be LocalDate, LocalTime or LocalDateTime, not " + type.getName());
	}

	@Override
	public String toString() {
		return "DateTime[id=" + id() + "]";
	}

}
