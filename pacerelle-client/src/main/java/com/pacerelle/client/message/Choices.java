package com.pacerelle.client.message;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A question that is answered with any number of its options, by the options' ids. On the
 * wire it is a {@code choice} with {@code multi}. Its {@code toString()} has no text.
 *
 * @param header what every widget has
 * @param options what can be chosen, each id once; at least one when it is sent
 */
public record Choices(WidgetHeader header, List<Option> options) implements Widget<List<String>> {

	/**
	 * Creates a choice.
	 * @throws IllegalArgumentException if two options have the same id
	 */
	public Choices {
		options = Options.copyOf(options);
	}

	/**
	 * Creates a choice without options yet.
	 * @param title the question
	 * @return the widget
	 */
	public static Choices of(String title) {
		return new Choices(WidgetHeader.of(title), List.of());
	}

	/**
	 * Offers one more option.
	 * @param id what comes back when it is chosen, 1 to 256 characters
	 * @param label what the person reads
	 * @return the widget
	 */
	public Choices option(String id, String label) {
		return options(Options.add(this.options, id, label));
	}

	/**
	 * Replaces the options.
	 * @param options the options, each id once
	 * @return the widget
	 */
	public Choices options(List<Option> options) {
		return new Choices(this.header, options);
	}

	/**
	 * Sets who answers in a group.
	 * @param responseMode one person or everybody
	 * @return the widget
	 */
	public Choices responseMode(ResponseMode responseMode) {
		return header(this.header.responseMode(responseMode));
	}

	@Override
	public Choices id(String id) {
		return header(this.header.id(id));
	}

	@Override
	public Choices body(String body) {
		return header(this.header.body(body));
	}

	@Override
	public Choices expiresAt(Instant expiresAt) {
		return header(this.header.expiresAt(expiresAt));
	}

	@Override
	public Choices data(Object data) {
		return header(this.header.data(data));
	}

	@Override
	public Choices with(String name, @Nullable Object value) {
		return header(this.header.with(name, value));
	}

	private Choices header(WidgetHeader header) {
		return new Choices(header, this.options);
	}

	@Override
	public String kind() {
		return "choice";
	}

	@Override
	public Map<String, @Nullable Object> spec() {
		return Spec.of(this.header).put("options", Options.spec(this.options)).put("multi", true).build();
	}

	@Override
	public List<String> read(AgentMessage answer) {
		Answer read = Answer.of(answer);
		Set<String> ids = new LinkedHashSet<>();
		for (Object element : read.value(List.class, "Choose among the options")) {
			String id = read.cast(element, String.class, "Choose among the options");
			if (!Options.offer(this.options, id) || !ids.add(id)) {
				throw read.invalid("Choose among the options, each at most once");
			}
		}
		return List.copyOf(ids);
	}

	@Override
	public String toString() {
		return "Choices[id=" + id() + "]";
	}

}
