package com.pacerelle.spring.handler;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.util.Assert;

/**
 * What people are told by the framework itself, in the words of the application where it
 * has some.
 */
final class Words {

	private static final String OF_CONTEXT = AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME;

	private static final Map<String, String> DEFAULTS = Map.of("pacerelle.answer.invalid", "This answer is not valid",
			"pacerelle.answer.field", "{0} is not valid", "pacerelle.answer.option", "{0} must be one of {1}",
			"pacerelle.answer.format", "{0} must look like {1}", "pacerelle.argument.invalid", "{0} is not valid",
			"pacerelle.argument.missing", "{0} is missing", "pacerelle.stream.writing", "Writing…",
			"pacerelle.stream.done", "Written", "pacerelle.stream.failed", "Not finished");

	private final List<MessageSource> messageSources;

	Words(List<MessageSource> messageSources) {
		this.messageSources = List.copyOf(messageSources);
	}

	/**
	 * The words of an application: those of its context first, then those of its other
	 * message sources, in their order.
	 * @param beanFactory the application's beans
	 * @return the words
	 */
	static Words of(BeanFactory beanFactory) {
		Stream<MessageSource> ofContext = beanFactory.containsBean(OF_CONTEXT)
				? Stream.of(beanFactory.getBean(OF_CONTEXT, MessageSource.class)) : Stream.empty();
		return new Words(Stream.concat(ofContext, beanFactory.getBeanProvider(MessageSource.class).orderedStream())
			.distinct()
			.toList());
	}

	/**
	 * The words with a code.
	 * @param code the code, which has words by default
	 * @param name what they are about
	 * @return the words
	 */
	String of(String code, String name) {
		return withHint(code, name, "");
	}

	/**
	 * The words with a code that say what would be right.
	 * @param code the code, listed in {@link PacerelleExceptionHandler}
	 * @param name what they are about
	 * @param hint what would be right
	 * @return the words
	 */
	String withHint(String code, String name, String hint) {
		String words = DEFAULTS.get(code);
		Assert.state(words != null, () -> "No words with the code '" + code + "'");
		return find(code, words, name, hint);
	}

	/**
	 * The words with a code, or others.
	 * @param code the code
	 * @param name what they are about
	 * @param otherwise the words if the application has none
	 * @return the words
	 */
	String of(String code, String name, String otherwise) {
		return find(code, otherwise, name, "");
	}

	private String find(String code, String otherwise, String name, String hint) {
		for (MessageSource messageSource : this.messageSources) {
			String own = messageSource.getMessage(code, new Object[] { name, hint }, null,
					LocaleContextHolder.getLocale());
			if (own != null) {
				return own;
			}
		}
		return otherwise.replace("{0}", name).replace("{1}", hint);
	}

}
