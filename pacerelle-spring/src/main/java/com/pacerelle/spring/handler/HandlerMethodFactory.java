package com.pacerelle.spring.handler;

import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.function.Function;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.spring.handler.HandlerTransactions.HandlerTransaction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationConfigurationException;
import org.springframework.util.Assert;

/**
 * Makes methods of beans into handlers, with what the application has for it.
 */
final class HandlerMethodFactory {

	private final ArgumentResolvers resolvers;

	private final Results results;

	private final FormFields fields;

	private final @Nullable BeanValidation validation;

	private final @Nullable HandlerTransactions transactions;

	HandlerMethodFactory(ConfigurableListableBeanFactory beanFactory, Function<String, HandlerCatalog> catalogs,
			Function<String, AgentGatewayClient> clients) {
		this.validation = BeanValidation.of(beanFactory);
		this.transactions = beanFactory.getBeanProvider(HandlerTransactions.class).getIfUnique();
		AnswerConverter answers = answers(beanFactory);
		Words words = Words.of(beanFactory);
		this.fields = new FormFields(answers.labels(), this.validation);
		this.resolvers = new ArgumentResolvers(
				beanFactory.getBeanProvider(HandlerArgumentResolver.class).orderedStream().toList(), catalogs, clients,
				beanFactory.getBeanProvider(Questions.class), TextConversion.of(beanFactory), answers, words);
		this.results = new Results(beanFactory.getBeanProvider(HandlerResultConverter.class).orderedStream().toList(),
				words);
	}

	/**
	 * A reader of answers, with the application's JSON mapper, validator and words.
	 * @param beanFactory the application's beans
	 * @return the reader
	 */
	static AnswerConverter answers(BeanFactory beanFactory) {
		return new AnswerConverter(beanFactory.getBeanProvider(JsonMapper.class).getIfUnique(JsonMapper::shared),
				BeanValidation.of(beanFactory), Words.of(beanFactory));
	}

	/**
	 * Makes a {@link PacerelleHandler @PacerelleHandler} method into handlers.
	 * @param method the method
	 * @return the handler on each of its routes
	 * @throws IllegalArgumentException if it cannot be called; the message says what is
	 * allowed
	 */
	List<MappedHandler> handlers(HandlerMethod method) {
		PacerelleHandler annotation = annotation(method.getMethod());
		Assert.state(annotation != null, "No annotation");
		PacerelleHandler defaults = annotation(method.beanType());
		List<String> arguments = method.parameters()
			.stream()
			.filter(TextPartResolver::isPresent)
			.map(TextPartResolver::name)
			.toList();
		List<Route> routes = Route.of(annotation, defaults, arguments);
		check(method);
		this.fields.checkResult(ResolvableType.forMethodParameter(method.getReturnType()));
		InvocableHandlerMethod handler = new InvocableHandlerMethod(method,
				this.resolvers.forHandler(method, routes.get(0).kind()), this.results.of(method), this.validation,
				transaction(method));
		handler.boundParameters()
			.answer()
			.ifPresent((parameter) -> this.fields
				.checkAnswer(ResolvableType.forMethodParameter(parameter.nestedIfOptional())));
		String description = (annotation.description().isEmpty() && defaults != null) ? defaults.description()
				: annotation.description();
		HandlerRetry retry = HandlerRetry.of(annotation);
		return routes.stream().map((route) -> new MappedHandler(route, handler, retry, description)).toList();
	}

	private void check(HandlerMethod method) {
		method.check();
		if (this.validation == null) {
			UncheckedConstraints.refuse(method);
		}
	}

	private static @Nullable PacerelleHandler annotation(AnnotatedElement element) {
		try {
			return AnnotatedElementUtils.findMergedAnnotation(element, PacerelleHandler.class);
		}
		catch (AnnotationConfigurationException ex) {
			throw new IllegalArgumentException("has a 'value' and another 'command', but they are the same attribute",
					ex);
		}
	}

	/**
	 * Makes a {@link PacerelleExceptionHandler @PacerelleExceptionHandler} method into a
	 * handler.
	 * @param method the method
	 * @return the handler
	 * @throws IllegalArgumentException if it cannot be called; the message says what is
	 * allowed
	 */
	InvocableHandlerMethod exceptionHandler(HandlerMethod method) {
		check(method);
		return new InvocableHandlerMethod(method, this.resolvers.forExceptionHandler(method), this.results.of(method),
				this.validation, transaction(method));
	}

	private @Nullable HandlerTransaction transaction(HandlerMethod method) {
		return (this.transactions != null)
				? this.transactions.of(method.getMethod(), method.beanType(), Results.isDeferred(method)) : null;
	}

}
