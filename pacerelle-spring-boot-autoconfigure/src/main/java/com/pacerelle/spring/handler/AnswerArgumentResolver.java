package com.pacerelle.spring.handler;

import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * Typed answers. A cancelled one has no value.
 *
 * @param converter reads the answers
 */
record AnswerArgumentResolver(AnswerConverter converter) implements HandlerArgumentResolver {

	@Override
	public boolean supports(MethodParameter parameter) {
		return this.converter.supports(ResolvableType.forMethodParameter(parameter));
	}

	@Override
	public Mono<?> resolve(MethodParameter parameter, HandlerInvocation invocation) {
		if (Route.isCancelled(invocation.message())) {
			return Mono.empty();
		}
		return Mono.just(this.converter.read(invocation.message(), ResolvableType.forMethodParameter(parameter)));
	}

}
