package com.pacerelle.spring.handler;

import com.pacerelle.client.message.Tally;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * How a group has voted so far on the widget that is answered.
 *
 * @param converter reads constants of enums
 */
record TallyArgumentResolver(AnswerConverter converter) implements HandlerArgumentResolver {

	@Override
	public boolean supports(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		Class<?> option = type.getGeneric().toClass();
		return type.toClass() == Tally.class && (option == Boolean.class || option == String.class || option.isEnum());
	}

	@Override
	public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
		Class<?> option = ResolvableType.forMethodParameter(parameter).getGeneric().toClass();
		String ref = AnswerConverter.ref(invocation.message());
		if (!option.isEnum()) {
			return invocation.conversation().tally(ref, option).block();
		}
		return invocation.conversation()
			.tally(ref, String.class)
			.map((tally) -> tally.map((id) -> this.converter.json().convertValue(id, option)))
			.block();
	}

}
