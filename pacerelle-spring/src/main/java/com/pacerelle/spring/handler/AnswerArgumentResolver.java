package com.pacerelle.spring.handler;

import com.pacerelle.client.message.AgentMessage;
import com.pacerelle.client.message.FilePicker;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * Typed answers. A cancelled one has no value.
 *
 * @param converter reads the answers
 */
record AnswerArgumentResolver(AnswerConverter converter) implements HandlerArgumentResolver {

	private static final FilePicker ANY_FILES = FilePicker.of("?").multiple();

	@Override
	public boolean supports(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		return Attachments.supports(type) || this.converter.supports(type);
	}

	@Override
	public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
		AgentMessage answer = invocation.message();
		if (Route.isCancelled(answer)) {
			return null;
		}
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		return Attachments.supports(type) ? Attachments.convert(ANY_FILES.read(answer), type)
				: this.converter.read(answer, type);
	}

}
