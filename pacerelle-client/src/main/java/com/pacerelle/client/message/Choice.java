package com.pacerelle.client.message;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A question that is answered with one of its options, by the option's id. Its
 * {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param options what can be chosen, each id once; at least one when it is sent
 */
public record Choice(WidgetHeader header, List<Option> options) implements Widget<String> {

	/**
	 * Creates a choice.
	 * @throws IllegalArgumentException if two options have the same id
	 */
	public Choice {
		options = Options.copyOf(options);
	}

	/**
	 * Creates a choice without options yet.
	 * @param title the question
	 * @return the widget
	 */
	public static Choice of(String title) {
		return new Choice(WidgetHeader.of(title), List.of());
	}

	/**
	 * Offers one more option.
	 * @param id what comes back when it is chosen, 1 to 256 characters
	 * @param label what the person reads
	 * @return the widget
	 */
	public Choice option(String id, String label) {
		return options(Options.add(this.options, id, label));
	}

	/**
	 * Replaces the options.
	 * @param options the options, each id once
	 * @return the widget
	 */
	public Choice options(List<Option> options) {
		return new Choice(this.header, options);
	}

	/**
	 * Sets who answers in a group.
	 * @param responseMode one person or everybody
	 * @return the widget
	 */
	public Choice responseMode(ResponseMode responseMode) {
		return header(this.header.responseMode(responseMode));
	}

	@Override
	public Choice id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public Choice body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public Choice expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public Choice data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public Choice with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private Choice header(WidgetHeader header) {
		return new Choice(header, this.options);
	}

	@Override
	public String kind() {
		return "choice";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header).put("options", Options.spec(this.options)).build();
	}

	@Override
	public String read(AgentMessage answer) {
		Answer read = Answer.of(answer);
		String id = read.value(String.class, "Choose one of the options");
		if (!Options.offer(this.options, id)) {
			throw read.invalid("Choose one of the options");
		}
		return id;
	}

	@Override
	public String toString() {
		return "Choice[id=" + id() + "]";
	}

}
