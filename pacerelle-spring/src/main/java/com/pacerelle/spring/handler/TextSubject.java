package com.pacerelle.spring.handler;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.pacerelle.client.message.AgentMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Texts that fit a pattern of words and variables, such as
 * <code>deploy {service} to {env}</code>.
 *
 * @param words the words of the pattern
 */
record TextSubject(List<String> words) implements Subject {

	private static final Pattern SPACE = Pattern.compile("\\s+");

	private static final Pattern VARIABLE = Pattern.compile("\\{[^{}]+}");

	static TextSubject of(String pattern) {
		TextSubject subject = new TextSubject(List.of(words(pattern, 0)));
		Set<String> variables = new LinkedHashSet<>();
		for (String word : subject.words) {
			boolean variable = isVariable(word);
			Assert.isTrue(variable || !(word.contains("{") || word.contains("}")), () -> "has the text '" + pattern
					+ "', but in '" + word + "' the variable is not a whole word such as {name}");
			Assert.isTrue(!variable || variables.add(word),
					() -> "has the text '" + pattern + "', but the variable " + word + " is there twice");
		}
		Assert.isTrue(subject.weight() > 0 && !subject.words.get(0).isEmpty(),
				() -> "has the text '" + pattern + "', but a pattern has a word that is not a variable");
		return subject;
	}

	/**
	 * Splits a text at its white space.
	 * @param text the text
	 * @param limit how many parts there are at most, the last of them with white space
	 * inside, or 0 for any number
	 * @return one or more parts
	 */
	static String[] words(String text, int limit) {
		return SPACE.split(text.strip(), limit);
	}

	Set<String> variables() {
		Set<String> names = new LinkedHashSet<>();
		this.words.stream().filter(TextSubject::isVariable).forEach((word) -> names.add(name(word)));
		return names;
	}

	@Override
	public @Nullable Map<String, String> match(AgentMessage message) {
		if (message.widgetResponse() != null) {
			return null;
		}
		String[] actual = words(message.text(), this.words.size() + (isOpen() ? 0 : 1));
		if (actual.length != this.words.size() || actual[0].isEmpty()) {
			return null;
		}
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < actual.length; i++) {
			String word = this.words.get(i);
			if (isVariable(word)) {
				values.put(name(word), actual[i]);
			}
			else if (!word.equalsIgnoreCase(actual[i])) {
				return null;
			}
		}
		return values;
	}

	/**
	 * Only compared with one of as many words.
	 */
	@Override
	public boolean overlaps(Subject other) {
		if (!(other instanceof TextSubject text) || text.words.size() != this.words.size()) {
			return false;
		}
		for (int i = 0; i < this.words.size(); i++) {
			String one = this.words.get(i);
			String another = text.words.get(i);
			if (!isVariable(one) && !isVariable(another) && !one.equalsIgnoreCase(another)) {
				return false;
			}
		}
		return true;
	}

	@Override
	public int row() {
		return 3;
	}

	@Override
	public int weight() {
		return (int) this.words.stream().filter((word) -> !isVariable(word)).count();
	}

	@Override
	public int length() {
		return this.words.size();
	}

	/**
	 * Whether the pattern ends with a variable, which takes the rest of the text.
	 */
	private boolean isOpen() {
		return isVariable(this.words.get(this.words.size() - 1));
	}

	private static boolean isVariable(String word) {
		return VARIABLE.matcher(word).matches();
	}

	private static String name(String variable) {
		return variable.substring(1, variable.length() - 1);
	}

	@Override
	public String toString() {
		return "text " + String.join(" ", this.words);
	}

}
