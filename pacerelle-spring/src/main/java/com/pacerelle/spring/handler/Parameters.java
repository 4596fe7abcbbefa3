package com.pacerelle.spring.handler;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.util.Assert;

/**
 * The parameters of a handler method with their resolvers. They are bound when the
 * application starts, which then fails for a parameter that no resolver supports.
 *
 * @param bindings a binding for each parameter
 */
record Parameters(List<Binding> bindings) {

	/**
	 * Binds parameters.
	 * @param parameters the parameters
	 * @param custom the resolvers of the application
	 * @param builtIn the built-in resolvers
	 * @param allowed what parameters are allowed, for the error
	 * @return the bound parameters
	 * @throws IllegalArgumentException if no resolver supports one, or if two would get
	 * the same argument
	 */
	static Parameters bind(List<MethodParameter> parameters, List<HandlerArgumentResolver> custom,
			List<HandlerArgumentResolver> builtIn, String allowed) {
		List<Binding> bindings = new ArrayList<>();
		for (MethodParameter parameter : parameters) {
			MethodParameter content = parameter.nestedIfOptional();
			HandlerArgumentResolver resolver = Throwable.class.isAssignableFrom(parameter.getParameterType()) ? null
					: Stream.concat(custom.stream(), builtIn.stream())
						.filter((candidate) -> candidate.supports(content))
						.findFirst()
						.orElseThrow(() -> new IllegalArgumentException("has a parameter of type "
								+ parameter.getGenericParameterType().getTypeName() + ", but allowed are " + allowed));
			if (resolver instanceof TypedArgumentResolver || resolver instanceof AnswerArgumentResolver) {
				Assert.isTrue(bindings.stream().noneMatch((binding) -> binding.resolver == resolver),
						() -> "has two parameters of type " + content.getNestedParameterType().getSimpleName()
								+ ", but both would get the same value. Use AgentMessage for more of the message");
			}
			bindings.add(new Binding(parameter, resolver));
		}
		return new Parameters(List.copyOf(bindings));
	}

	/**
	 * The arguments of a call.
	 * @param invocation the call
	 * @param failure the argument for the exception, if there is a parameter for it
	 * @param invalid gets what is wrong with arguments, by their index
	 * @return an argument for each parameter; the default of its type for one that is
	 * invalid
	 * @throws Exception if a resolver fails
	 */
	@Nullable Object[] resolve(HandlerInvocation invocation, @Nullable Throwable failure,
			Map<Integer, InvalidArgumentException> invalid) throws Exception {
		@Nullable Object[] arguments = new Object[this.bindings.size()];
		for (int i = 0; i < arguments.length; i++) {
			Binding binding = this.bindings.get(i);
			try {
				arguments[i] = binding.resolve(invocation, failure);
			}
			catch (InvalidArgumentException ex) {
				invalid.put(i, ex);
				Class<?> type = binding.parameter.getParameterType();
				arguments[i] = type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
			}
		}
		return arguments;
	}

	/**
	 * Whether there is a parameter of a type.
	 * @param type the type
	 * @return whether there is one
	 */
	boolean has(Class<?> type) {
		return this.bindings.stream()
			.anyMatch((binding) -> binding.parameter.nestedIfOptional().getNestedParameterType() == type);
	}

	/**
	 * Whether there are arguments for answers to widgets.
	 * @return whether no resolver is for other messages only
	 */
	boolean supportAnswers() {
		return this.bindings.stream()
			.allMatch((binding) -> binding.resolver == null || binding.resolver.supportsAnswers());
	}

	/**
	 * The parameters for the answer.
	 * @return none or one
	 */
	Optional<MethodParameter> answer() {
		return this.bindings.stream()
			.filter((binding) -> binding.resolver instanceof AnswerArgumentResolver)
			.map(Binding::parameter)
			.findFirst();
	}

	/**
	 * A parameter and its resolver.
	 *
	 * @param parameter the parameter
	 * @param resolver resolves the argument, or {@code null} if it is the exception
	 */
	record Binding(MethodParameter parameter, @Nullable HandlerArgumentResolver resolver) {

		private @Nullable Object resolve(HandlerInvocation invocation, @Nullable Throwable failure) throws Exception {
			if (this.resolver == null) {
				return failure;
			}
			Object value = this.resolver.resolve(this.parameter.nestedIfOptional(), invocation);
			if (this.parameter.getParameterType() == Optional.class) {
				return Optional.ofNullable(value);
			}
			Assert.state(value != null || this.parameter.isOptional(),
					() -> "There is no argument for parameter " + this.parameter.getParameterIndex() + ", of type "
							+ this.parameter.getParameterType().getName() + ", which is not nullable");
			return value;
		}

	}

}
