package com.pacerelle.client.message;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The progress of a task. It has no answer but {@linkplain #isCancelledBy its
 * cancellation}. Its {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param value how much is done, 0 to {@code max}
 * @param max how much there is to do, or {@code null} to leave it out
 * @param isCancellable whether the person may cancel it, or {@code null} to leave it out
 */
public record Progress(WidgetHeader header, Number value, @Nullable Number max,
		@Nullable Boolean isCancellable) implements Widget<Void> {

	/**
	 * Creates a progress.
	 * @throws IllegalArgumentException if the value is not in 0 to {@code max}
	 */
	public Progress {
		BigDecimal done = JsonValues.decimal("value", value);
		if (done.signum() < 0) {
			throw new IllegalArgumentException("'value' must not be negative: " + value);
		}
		if (max != null && done.compareTo(JsonValues.decimal("max", max)) > 0) {
			throw new IllegalArgumentException("'value' must not be greater than 'max': " + value + " of " + max);
		}
	}

	/**
	 * Creates a progress.
	 * @param title what is being done
	 * @param value how much is done
	 * @param max how much there is to do
	 * @return the widget
	 */
	public static Progress of(String title, Number value, Number max) {
		return new Progress(WidgetHeader.of(title), value, max, null);
	}

	/**
	 * The same progress with another value.
	 * @param value how much is done, 0 to {@code max}
	 * @return the widget
	 */
	public Progress value(Number value) {
		return new Progress(this.header, value, this.max, this.isCancellable);
	}

	/**
	 * Lets the person cancel it.
	 * @return the widget
	 */
	public Progress cancellable() {
		return cancellable(true);
	}

	/**
	 * Sets whether the person may cancel it.
	 * @param cancellable whether they may
	 * @return the widget
	 */
	public Progress cancellable(boolean cancellable) {
		return new Progress(this.header, this.value, this.max, cancellable);
	}

	@Override
	public Progress id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public Progress body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public Progress expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public Progress data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public Progress with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private Progress header(WidgetHeader header) {
		return new Progress(header, this.value, this.max, this.isCancellable);
	}

	/**
	 * The update from this progress, which the person sees, to the next.
	 * @param next the new progress; its id does not matter
	 * @return an update of what differs, {@linkplain WidgetUpdate#isEmpty() empty} if
	 * nothing does; a field that only this one has stays as it is, save for the body
	 * @throws IllegalStateException if this progress has no id
	 */
	public WidgetUpdate updateTo(Progress next) {
		String id = id();
		if (id == null) {
			throw new IllegalStateException("'id' must not be null: say with id(String) which widget it is");
		}
		WidgetUpdate update = WidgetUpdate.of(id);
		Map<String, @Nullable Object> before = spec();
		for (Map.Entry<String, @Nullable Object> field : next.spec().entrySet()) {
			if (!Objects.equals(field.getValue(), before.get(field.getKey()))) {
				update = update.with(field.getKey(), field.getValue());
			}
		}
		if (body() != null && next.body() == null) {
			update = update.body("");
		}
		Instant expiresAt = next.expiresAt();
		return (expiresAt == null || expiresAt.equals(expiresAt())) ? update : update.expiresAt(expiresAt);
	}

	/**
	 * Whether a person cancels this progress: by the answer's flag or by its value.
	 * @param response an answer
	 * @return whether it is for this widget, and cancels it
	 */
	public boolean isCancelledBy(WidgetResponse response) {
		return response.ref().equals(id()) && (response.cancelled()
				|| (response.value() instanceof Map<?, ?> value && Boolean.TRUE.equals(value.get("cancelled"))));
	}

	@Override
	public String kind() {
		return "progress";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header)
			.put("value", this.value)
			.put("max", this.max)
			.put("cancellable", this.isCancellable)
			.build();
	}

	/**
	 * Refuses every answer: a progress can only be cancelled.
	 */
	@Override
	public Void read(AgentMessage answer) {
		throw Answer.of(answer).invalid("This can only be cancelled");
	}

	@Override
	public String toString() {
		return "Progress[id=" + id() + "]";
	}

}
