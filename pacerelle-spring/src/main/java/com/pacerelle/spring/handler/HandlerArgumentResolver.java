package com.pacerelle.spring.handler;

import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;

/**
 * Resolves parameters of handler methods into arguments. Beans of this type are asked in
 * their {@link org.springframework.core.annotation.Order order}, before the built-in
 * resolvers.
 */
public interface HandlerArgumentResolver {

	/**
	 * Whether this resolver supports a parameter. Called once, when the application
	 * starts.
	 * @param parameter the parameter; of an {@link java.util.Optional Optional}, its
	 * content ({@link MethodParameter#getNestedParameterType()})
	 * @return whether it does
	 */
	boolean supports(MethodParameter parameter);

	/**
	 * Whether there are arguments for answers to widgets, too. If not, a handler for any
	 * message gets no answers, as one that takes the text as a {@link String}.
	 * @return whether there are
	 */
	default boolean supportsAnswers() {
		return true;
	}

	/**
	 * Resolves a parameter that it supports, on the thread that calls the handler method:
	 * it may block.
	 * @param parameter the parameter
	 * @param invocation the call that the argument is for
	 * @return the argument; {@code null} is an error unless the parameter is nullable or
	 * an {@code Optional}
	 * @throws Exception if there is no argument because of a failure, which is handled as
	 * a failure of the handler method
	 */
	@Nullable Object resolve(MethodParameter parameter, HandlerInvocation invocation) throws Exception;

}
