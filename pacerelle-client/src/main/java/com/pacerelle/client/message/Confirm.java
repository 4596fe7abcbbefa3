package com.pacerelle.client.message;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A question that is answered with yes or no. Its {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param isDangerous whether yes is dangerous, or {@code null} to leave it out
 * @param labels the labels of the buttons, or {@code null}
 */
public record Confirm(WidgetHeader header, @Nullable Boolean isDangerous,
		@Nullable Labels labels) implements Widget<Boolean> {

	/**
	 * Creates a question.
	 * @param title the question
	 * @return the widget
	 */
	public static Confirm of(String title) {
		return new Confirm(WidgetHeader.of(title), null, null);
	}

	/**
	 * Marks yes as dangerous.
	 * @return the widget
	 */
	public Confirm danger() {
		return danger(true);
	}

	/**
	 * Sets whether yes is dangerous.
	 * @param danger whether it is
	 * @return the widget
	 */
	public Confirm danger(boolean danger) {
		return new Confirm(this.header, danger, this.labels);
	}

	/**
	 * Sets the labels of the buttons.
	 * @param yes the label of yes, not blank
	 * @param no the label of no, not blank
	 * @return the widget
	 */
	public Confirm labels(String yes, String no) {
		return new Confirm(this.header, this.isDangerous, new Labels(yes, no));
	}

	/**
	 * Sets who answers in a group.
	 * @param responseMode one person or everybody
	 * @return the widget
	 */
	public Confirm responseMode(ResponseMode responseMode) {
		return header(this.header.responseMode(responseMode));
	}

	@Override
	public Confirm id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public Confirm body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public Confirm expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public Confirm data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public Confirm with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private Confirm header(WidgetHeader header) {
		return new Confirm(header, this.isDangerous, this.labels);
	}

	@Override
	public String kind() {
		return "confirm";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header)
			.put("danger", this.isDangerous)
			.put("labels", (this.labels != null) ? Map.of("yes", this.labels.yes(), "no", this.labels.no()) : null)
			.build();
	}

	@Override
	public Boolean read(AgentMessage answer) {
		return Answer.of(answer).value(Boolean.class, "Answer yes or no");
	}

	@Override
	public String toString() {
		return "Confirm[id=" + id() + "]";
	}

	/**
	 * The labels of the buttons. Its {@code toString()} has no text.
	 *
	 * @param yes the label of yes, not blank
	 * @param no the label of no, not blank
	 */
	public record Labels(String yes, String no) {

		/**
		 * Creates labels.
		 * @throws IllegalArgumentException if one is blank
		 */
		public Labels {
			if (yes.isBlank()) {
				throw new IllegalArgumentException("'labels.yes' must not be blank");
			}
			if (no.isBlank()) {
				throw new IllegalArgumentException("'labels.no' must not be blank");
			}
		}

		@Override
		public String toString() {
			return "Labels[]";
		}

	}

}
