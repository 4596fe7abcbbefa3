package com.pacerelle.client.message;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A question that is answered with yes or no.
 *
 * @param id the widget's id, or {@code null}
 * @param title the question
 * @param body more words, or {@code null}
 * @param dangerous whether yes is dangerous, or {@code null} to leave it out
 * @param labels what the buttons say, or {@code null}
 * @param expiresAt until when it can be answered, or {@code null}
 * @param responseMode who answers it in a group, or {@code null}
 */
public record Confirm(@Nullable String id, String title, @Nullable String body, @Nullable Boolean dangerous,
		@Nullable Labels labels, @Nullable Instant expiresAt,
		@Nullable ResponseMode responseMode) implements Widget<Boolean> {

	/**
	 * Creates a question.
	 * @param id the widget's id
	 * @param title the question
	 * @return the widget
	 */
	public static Confirm of(String id, String title) {
		return new Confirm(id, title, null, null, null, null, null);
	}

	/**
	 * Marks yes as dangerous.
	 * @return the widget
	 */
	public Confirm danger() {
		return new Confirm(this.id, this.title, this.body, true, this.labels, this.expiresAt, this.responseMode);
	}

	/**
	 * Says what the buttons say.
	 * @param yes the label of yes
	 * @param no the label of no
	 * @return the widget
	 */
	public Confirm labels(String yes, String no) {
		return new Confirm(this.id, this.title, this.body, this.dangerous, new Labels(yes, no), this.expiresAt,
				this.responseMode);
	}

	@Override
	public Confirm id(String id) {
		return new Confirm(id, this.title, this.body, this.dangerous, this.labels, this.expiresAt, this.responseMode);
	}

	@Override
	public Confirm body(String body) {
		return new Confirm(this.id, this.title, body, this.dangerous, this.labels, this.expiresAt, this.responseMode);
	}

	@Override
	public String kind() {
		return "confirm";
	}

	@Override
	public Map<String, Object> spec() {
		Map<String, Object> spec = new LinkedHashMap<>();
		spec.put("title", this.title);
		if (this.body != null) {
			spec.put("body", this.body);
		}
		if (this.dangerous != null) {
			spec.put("danger", this.dangerous);
		}
		if (this.labels != null) {
			spec.put("labels", Map.of("yes", this.labels.yes(), "no", this.labels.no()));
		}
		return spec;
	}

	@Override
	public Boolean read(AgentMessage answer) {
		WidgetResponse response = answer.widgetResponse();
		if (response != null && response.value() instanceof Boolean yes) {
			return yes;
		}
		throw new InvalidAnswerException((response != null) ? response.ref() : "?", List.of("Answer yes or no"));
	}

	@Override
	public String toString() {
		return "Confirm[id=" + this.id + "]";
	}

	/**
	 * What the buttons say.
	 *
	 * @param yes the label of yes
	 * @param no the label of no
	 */
	public record Labels(String yes, String no) {
	}

}
