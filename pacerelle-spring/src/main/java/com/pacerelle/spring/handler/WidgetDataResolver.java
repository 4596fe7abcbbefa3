package com.pacerelle.spring.handler;

import com.pacerelle.client.message.WidgetResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * Arguments for {@link WidgetData @WidgetData} parameters.
 */
final class WidgetDataResolver implements HandlerArgumentResolver {

	private static final JsonMapper MAPPER = JsonMapper.shared();

	@Override
	public boolean supports(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(WidgetData.class);
	}

	@Override
	public @Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) {
		WidgetResponse response = invocation.message().widgetResponse();
		String data = (response != null) ? response.data() : null;
		if (data == null) {
			return null;
		}
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		try {
			return MAPPER.readValue(data, MAPPER.constructType(type.getType()));
		}
		catch (JacksonException ex) {
			// Not kept as a cause: its message quotes the data.
			throw new IllegalStateException("The data of the question cannot be read as " + type
					+ ": change the type so that what was stored before still fits");
		}
	}

}
