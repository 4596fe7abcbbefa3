package com.pacerelle.spring.handler;

import java.util.List;

import com.pacerelle.client.AgentGatewayClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.MessageSource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.util.Assert;

/**
 * Makes methods of beans into handlers, with what the application has for it.
 */
final class HandlerMethodFactory {

	private final ArgumentResolvers resolvers;

	private final Results results;

	private final @Nullable BeanValidation validation;

	HandlerMethodFactory(ConfigurableListableBeanFactory beanFactory, HandlerCatalog catalog,
			ObjectProvider<AgentGatewayClient> client) {
		this.validation = BeanValidation.of(beanFactory);
		Words words = new Words(beanFactory.getBeanProvider(MessageSource.class).getIfAvailable());
		ConversionService conversionService = beanFactory.getConversionService();
		this.resolvers = new ArgumentResolvers(
				beanFactory.getBeanProvider(HandlerArgumentResolver.class).orderedStream().toList(), catalog, client,
				beanFactory.getBeanProvider(Questions.class),
				(conversionService != null) ? conversionService : new DefaultFormattingConversionService(),
				answers(beanFactory), words);
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
				BeanValidation.of(beanFactory),
				new Words(beanFactory.getBeanProvider(MessageSource.class).getIfAvailable()));
	}

	/**
	 * Makes a {@link PacerelleHandler @PacerelleHandler} method into handlers.
	 * @param method the method
	 * @return the handler on each of its routes
	 * @throws IllegalArgumentException if it cannot be called; the message says what is
	 * allowed
	 */
	List<MappedHandler> handlers(HandlerMethod method) {
		PacerelleHandler annotation = method.getMethodAnnotation(PacerelleHandler.class);
		Assert.state(annotation != null, "No annotation");
		PacerelleHandler defaults = AnnotatedElementUtils.findMergedAnnotation(method.beanType(),
				PacerelleHandler.class);
		List<String> arguments = method.parameters()
			.stream()
			.filter(TextPartResolver::isPresent)
			.map(TextPartResolver::name)
			.toList();
		List<Route> routes = Route.of(annotation, defaults, arguments);
		method.check();
		InvocableHandlerMethod handler = new InvocableHandlerMethod(method,
				this.resolvers.forHandler(method, routes.get(0).kind()), this.results.of(method), this.validation);
		String description = (annotation.description().isEmpty() && defaults != null) ? defaults.description()
				: annotation.description();
		HandlerRetry retry = HandlerRetry.of(annotation);
		return routes.stream().map((route) -> new MappedHandler(route, handler, retry, description)).toList();
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
		method.check();
		return new InvocableHandlerMethod(method, this.resolvers.forExceptionHandler(method), this.results.of(method),
				this.validation);
	}

}
