package com.pacerelle.spring.handler;

import java.util.Map;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * Answers to a widget.
 *
 * @param pattern the widget's id, in which {@code *} stands for any characters
 */
record WidgetSubject(String pattern) implements Subject {

	@Override
	public @Nullable Map<String, String> match(AgentMessage message) {
		WidgetResponse response = message.widgetResponse();
		return (response != null && PatternMatchUtils.simpleMatch(this.pattern, response.ref())) ? Map.of() : null;
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
		return isExact() ? 0 : this.pattern.replace("*", "").length();
	}

	private boolean isExact() {
		return this.pattern.indexOf('*') < 0;
	}

	private String prefix() {
		return this.pattern.substring(0, this.pattern.indexOf('*'));
	}

	private String suffix() {
		return this.pattern.substring(this.pattern.lastIndexOf('*') + 1);
	}

	@Override
	public String toString() {
		return "widget " + this.pattern;
	}

}
