package com.pacerelle.spring.handler;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import com.pacerelle.client.AgentGatewayClient;
import com.pacerelle.client.message.AgentMessage;

import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;

/**
 * Where the arguments of handler methods come from.
 */
final class Arguments {

	private final Supplier<AgentGatewayClient> client;

	Arguments(Supplier<AgentGatewayClient> client) {
		this.client = client;
	}

	List<Function<AgentMessage, Object>> forParameters(List<MethodParameter> parameters) {
		Set<Class<?>> types = new HashSet<>();
		for (MethodParameter parameter : parameters) {
			Class<?> type = parameter.getParameterType();
			Assert.isTrue(types.add(type), () -> "has two parameters of type " + type.getSimpleName()
					+ ", but both would get the same value. Use AgentMessage for more than the text");
		}
		return parameters.stream().map(this::forParameter).toList();
	}

	private Function<AgentMessage, Object> forParameter(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (type == AgentMessage.class) {
			return (message) -> message;
		}
		if (type == String.class) {
			return AgentMessage::text;
		}
		if (type == AgentGatewayClient.class) {
			return (message) -> this.client.get();
		}
		throw new IllegalArgumentException(
				"has a parameter of type " + parameter.getGenericParameterType().getTypeName()
						+ ", but allowed are AgentMessage, String (the text) and AgentGatewayClient");
	}

}
