package com.pacerelle.spring.handler;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * The files that came with a message that is no answer.
 *
 * @param alwaysThere whether there is one in each message, so that the parameter need not
 * be nullable
 */
record FileArgumentResolver(boolean alwaysThere) implements HandlerArgumentResolver {

	@Override
	public boolean supports(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		return Attachments.supports(type) && (this.alwaysThere || Attachments.isList(type) || parameter.isOptional());
	}

	@Override
	public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
		return Attachments.convert(invocation.message().attachments(), ResolvableType.forMethodParameter(parameter));
	}

}
