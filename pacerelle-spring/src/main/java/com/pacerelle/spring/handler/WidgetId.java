package com.pacerelle.spring.handler;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.Assert;

/**
 * Ids of widgets that carry values: what {@link #expand} puts into a pattern such as
 * <code>confirm-deploy:{version}</code>, the {@link PacerelleHandler#widget() widget} of
 * the answer's handler takes out again, for its {@link Argument @Argument} parameters. In
 * the id, each value is percent-encoded as UTF-8, save for letters and digits of ASCII
 * and {@code - . _ ~}.
 * <p>
 * Ids may be in logs: a value that must not be is data, as {@link WidgetData @WidgetData}
 * says.
 */
public final class WidgetId {

	static final Pattern VARIABLE = Pattern.compile("\\{([^{}]+)}");

	/** What values look like in an id. */
	static final String ENCODED = "(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*";

	private WidgetId() {
	}

	/**
	 * Puts values into a pattern.
	 * @param pattern the pattern
	 * @param values a value for each variable, in their order
	 * @return the id
	 * @throws IllegalArgumentException if there are more or fewer values than variables
	 */
	public static String expand(String pattern, Object... values) {
		Matcher variables = VARIABLE.matcher(pattern);
		Assert.isTrue(variables.results().count() == values.length,
				() -> "'" + pattern + "' must have one variable for each of the " + values.length + " values");
		StringBuilder id = new StringBuilder();
		int end = 0;
		int index = 0;
		for (MatchResult variable : variables.reset().results().toList()) {
			id.append(pattern, end, variable.start()).append(encode(values[index++].toString()));
			end = variable.end();
		}
		return id.append(pattern, end, pattern.length()).toString();
	}

	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace("%7E", "~");
	}

	static String decode(String encoded) {
		return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
	}

}
