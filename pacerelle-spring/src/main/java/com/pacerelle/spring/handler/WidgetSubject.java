package com.pacerelle.spring.handler;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Answers to a widget.
 *
 * @param pattern the widget's id, with variables such as <code>{version}</code>, or in
 * which {@code *} stands for any characters
 * @param variables the names of the variables
 * @param regex the pattern as a regular expression, with a group for each variable
 */
record WidgetSubject(String pattern, List<String> variables, Pattern regex) implements Subject {

	/** Between two variables there is a character that no value has. */
	private static final Pattern SEPARATOR = Pattern.compile("[^A-Za-z0-9._~%-]");

	static WidgetSubject of(String pattern) {
		Assert.hasText(pattern, "has an empty 'widget'");
		List<MatchResult> variables = WidgetId.VARIABLE.matcher(pattern).results().toList();
		String literals = WidgetId.VARIABLE.matcher(pattern).replaceAll("");
		Assert.isTrue(literals.indexOf('{') < 0 && literals.indexOf('}') < 0,
				() -> "has the widget '" + pattern + "', but its braces are no variable such as {name}");
		Assert.isTrue(variables.isEmpty() || literals.indexOf('*') < 0,
				() -> "has the widget '" + pattern + "', but a pattern has either variables or '*'");
		List<String> names = variables.stream().map((variable) -> variable.group(1)).toList();
		Assert.isTrue(new LinkedHashSet<>(names).size() == names.size(),
				() -> "has the widget '" + pattern + "', but a variable is there twice");
		for (int i = 1; i < variables.size(); i++) {
			String between = pattern.substring(variables.get(i - 1).end(), variables.get(i).start());
			Assert.isTrue(SEPARATOR.matcher(between).find(), () -> "has the widget '" + pattern
					+ "', but between two variables there has to be a character such as ':'");
		}
		return new WidgetSubject(pattern, names, regex(pattern));
	}

	private static Pattern regex(String pattern) {
		String any = WidgetId.VARIABLE.matcher(pattern).replaceAll("{");
		return Pattern.compile(any.codePoints().mapToObj((point) -> switch (point) {
			case '{' -> "(" + WidgetId.ENCODED + ")";
			case '*' -> ".*";
			default -> Pattern.quote(Character.toString(point));
		}).collect(Collectors.joining()), Pattern.DOTALL);
	}

	Set<String> names() {
		return Set.copyOf(this.variables);
	}

	@Override
	public @Nullable Map<String, String> match(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		Matcher matcher = (response != null) ? this.regex.matcher(response.name()) : null;
		if (matcher == null || !matcher.matches()) {
			return null;
		}
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < this.variables.size(); i++) {
			values.put(this.variables.get(i), WidgetId.decode(matcher.group(i + 1)));
		}
		return values;
	}

	/**
	 * Between the first and the last star there is room for the middle of both.
	 */
	@Override
	public boolean overlaps(Subject other) {
		if (!(other instanceof WidgetSubject widget)) {
			return false;
		}
		if (isExact()) {
			return this.pattern.equals(widget.pattern);
		}
		return (prefix().startsWith(widget.prefix()) || widget.prefix().startsWith(prefix()))
				&& (suffix().endsWith(widget.suffix()) || widget.suffix().endsWith(suffix()));
	}

	@Override
	public int row() {
		return isExact() ? 1 : 2;
	}

	@Override
	public int weight() {
		return isExact() ? 0 : wildcard().replace("*", "").length();
	}

	private boolean isExact() {
		return wildcard().indexOf('*') < 0;
	}

	private String wildcard() {
		return WidgetId.VARIABLE.matcher(this.pattern).replaceAll("*");
	}

	private String prefix() {
		return wildcard().substring(0, wildcard().indexOf('*'));
	}

	private String suffix() {
		return wildcard().substring(wildcard().lastIndexOf('*') + 1);
	}

	@Override
	public String toString() {
		return "widget " + this.pattern;
	}

}
