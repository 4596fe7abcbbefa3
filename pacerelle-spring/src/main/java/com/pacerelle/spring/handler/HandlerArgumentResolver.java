package com.pacerelle.spring.handler;

import reactor.core.publisher.Mono;

import org.springframework.core.MethodParameter;

/**
 * Gives parameters of handler methods their arguments. Beans of this type are asked in
 * their {@link org.springframework.core.annotation.Order order}, and before what
 * Pacerelle resolves itself.
 */
public interface HandlerArgumentResolver {

	/**
	 * Whether this resolver has arguments for a parameter. Asked once, when the
	 * application starts.
	 * @param parameter the parameter; of an {@link java.util.Optional Optional}, its
	 * content ({@link MethodParameter#getNestedParameterType()})
	 * @return whether it has
	 */
	boolean supports(MethodParameter parameter);

	/**
	 * The argument of a parameter that it supports.
	 * @param parameter the parameter
	 * @param invocation the call that the argument is for
	 * @return the argument; empty for {@code null}, which is an error unless the
	 * parameter is nullable or an {@code Optional}
	 */
	Mono<?> resolve(MethodParameter parameter, HandlerInvocation invocation);

}
