package com.pacerelle.spring.handler;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * Arguments for all parameters of one type.
 *
 * @param type the type
 * @param alwaysThere whether there is an argument in each invocation, so that the
 * parameter need not be nullable
 * @param value supplies the argument
 */
record TypedArgumentResolver(ResolvableType type, boolean alwaysThere,
		Function<HandlerInvocation, @Nullable Object> value) implements HandlerArgumentResolver {

	TypedArgumentResolver(Class<?> type, Function<HandlerInvocation, @Nullable Object> value) {
		this(ResolvableType.forClass(type), true, value);
	}

	@Override
	public boolean supports(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		return type.toClass() == this.type.toClass() && this.type.isAssignableFrom(type)
				&& (this.alwaysThere || parameter.isOptional());
	}

	@Override
	public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
		return this.value.apply(invocation);
	}

}
