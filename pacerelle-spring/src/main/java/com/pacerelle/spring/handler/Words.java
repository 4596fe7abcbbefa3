package com.pacerelle.spring.handler;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.util.Assert;

/**
 * What people are told by the framework itself, in the words of the application where it
 * has some.
 */
final class Words {

	private static final Map<String, String> DEFAULTS = Map.of("pacerelle.answer.invalid", "This answer is not valid",
			"pacerelle.answer.field", "{0} is not valid", "pacerelle.argument.invalid", "{0} is not valid",
			"pacerelle.argument.missing", "{0} is missing", "pacerelle.stream.writing", "Writing…",
			"pacerelle.stream.done", "Written", "pacerelle.stream.failed", "Not finished");

	private final @Nullable MessageSource messageSource;

	Words(@Nullable MessageSource messageSource) {
		this.messageSource = messageSource;
	}

	/**
	 * The words with a code.
	 * @param code the code, which has words by default
	 * @param name what they are about
	 * @return the words
	 */
	String of(String code, String name) {
		String words = DEFAULTS.get(code);
		Assert.state(words != null, () -> "No words with the code '" + code + "'");
		return of(code, name, words);
	}

	/**
	 * The words with a code, or others.
	 * @param code the code
	 * @param name what they are about
	 * @param otherwise the words if the application has none
	 * @return the words
	 */
	String of(String code, String name, String otherwise) {
		String words = otherwise;
		if (this.messageSource != null) {
			String own = this.messageSource.getMessage(code, new Object[] { name }, null,
					LocaleContextHolder.getLocale());
			words = (own != null) ? own : words;
		}
		return words.replace("{0}", name);
	}

}
