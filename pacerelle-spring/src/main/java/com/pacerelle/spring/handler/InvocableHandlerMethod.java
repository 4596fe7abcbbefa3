package com.pacerelle.spring.handler;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.pacerelle.client.message.Content;
import com.pacerelle.client.message.InvalidAnswerException;
import com.pacerelle.client.message.WidgetResponse;
import com.pacerelle.spring.handler.HandlerTransactions.HandlerTransaction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.core.MethodParameter;

/**
 * A handler method that can be called for messages or for failures. How its arguments are
 * resolved and how its result is converted is decided when it is created.
 */
final class InvocableHandlerMethod extends HandlerMethod {

	private final Parameters parameters;

	private final Results.Conversion results;

	private final @Nullable BeanValidation validation;

	private final @Nullable HandlerTransaction transaction;

	/**
	 * Creates the handler method.
	 * @param method the method
	 * @param parameters its parameters
	 * @param results converts what it returns
	 * @param validation validates its arguments, or {@code null} if nothing does
	 * @param transaction its transaction, or {@code null} if it has none, or one of its
	 * own
	 */
	InvocableHandlerMethod(HandlerMethod method, Parameters parameters, Results.Conversion results,
			@Nullable BeanValidation validation, @Nullable HandlerTransaction transaction) {
		super(method);
		this.parameters = parameters;
		this.results = results;
		this.validation = (validation != null && validation.constrains(method)) ? validation : null;
		this.transaction = transaction;
	}

	/**
	 * Calls the method, when it is subscribed to.
	 * @param invocation the call
	 * @param failure the failure that it is called for, or {@code null} if it is called
	 * for a message
	 * @return what the agent sends
	 */
	Flux<Content> invoke(HandlerInvocation invocation, @Nullable Throwable failure) {
		return Flux.deferContextual((context) -> {
			Object result;
			try {
				result = ThreadLocals.call(context, () -> call(invocation, failure));
			}
			catch (Throwable ex) {
				return Flux.error(ex);
			}
			return (result != null) ? this.results.convert(result, invocation) : Flux.empty();
		});
	}

	private @Nullable Object call(HandlerInvocation invocation, @Nullable Throwable failure) throws Throwable {
		Map<Integer, InvalidArgumentException> invalid = new TreeMap<>();
		@Nullable Object[] arguments = this.parameters.resolve(invocation, failure, invalid);
		Object bean = bean();
		if (this.validation != null) {
			validate(bean, arguments, invocation, this.validation, invalid);
		}
		if (!invalid.isEmpty()) {
			throw InvalidArgumentException.of(List.copyOf(invalid.values()));
		}
		return (this.transaction != null) ? this.transaction.call(() -> call(bean, arguments)) : call(bean, arguments);
	}

	private void validate(Object bean, @Nullable Object[] arguments, HandlerInvocation invocation,
			BeanValidation validation, Map<Integer, InvalidArgumentException> invalid) {
		@Nullable Object[] all = Arrays.copyOf(arguments, getMethod().getParameterCount());
		Map<Integer, List<String>> violations = new TreeMap<>(validation.validate(bean, getMethod(), all));
		// What is there in place of an invalid argument is not what the person wrote.
		violations.keySet().removeAll(invalid.keySet());
		WidgetResponse response = invocation.message().widgetResponse();
		if (response != null && !violations.isEmpty()) {
			throw new InvalidAnswerException(response.ref(),
					violations.values().stream().flatMap(List::stream).toList());
		}
		violations.forEach((index, messages) -> {
			MethodParameter parameter = this.parameters.bindings().get(index).parameter();
			String name = TextPartResolver.isPresent(parameter) ? TextPartResolver.name(parameter) : "text";
			invalid.put(index, new InvalidArgumentException(name,
					messages.stream().map((message) -> name + " " + message).toList()));
		});
	}

	Parameters boundParameters() {
		return this.parameters;
	}

}
