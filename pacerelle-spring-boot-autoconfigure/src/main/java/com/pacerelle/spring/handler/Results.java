package com.pacerelle.spring.handler;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * How the results of handler methods become the text of the reply.
 */
final class Results {

	private Results() {
	}

	static Function<@Nullable Object, Mono<String>> forReturnType(MethodParameter returnType) {
		Class<?> type = returnType.getParameterType();
		if (isNothing(type)) {
			return (result) -> Mono.empty();
		}
		if (type == String.class) {
			return (result) -> Mono.justOrEmpty((String) result);
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		if (adapter != null && !adapter.isMultiValue() && isTextOrNothing(adapter, returnType)) {
			return (result) -> Mono.from(adapter.toPublisher(result));
		}
		throw new IllegalArgumentException("returns " + returnType.getGenericParameterType().getTypeName()
				+ ", but allowed are String and void, Mono<String> and Mono<Void>, CompletionStage<String> and "
				+ "CompletionStage<Void>");
	}

	private static boolean isTextOrNothing(ReactiveAdapter adapter, MethodParameter returnType) {
		Class<?> content = ResolvableType.forMethodParameter(returnType)
			.as(adapter.getReactiveType())
			.getGeneric(0)
			.resolve();
		return adapter.isNoValue() || content == String.class || (content != null && isNothing(content));
	}

	private static boolean isNothing(Class<?> type) {
		return type == void.class || type == Void.class;
	}

}
