package com.pacerelle.spring.handler;

import com.pacerelle.client.message.Content;
import org.reactivestreams.Publisher;

import org.springframework.core.ResolvableType;

/**
 * Makes what handler methods return into what the agent sends. Beans of this type are
 * asked in their {@link org.springframework.core.annotation.Order order}, and before what
 * Pacerelle converts itself; also for the elements of collections and reactive types.
 */
public interface HandlerResultConverter {

	/**
	 * Whether this converter takes results of a type. Asked when the application starts,
	 * and for each result whose type is not known before.
	 * @param type the type
	 * @return whether it does
	 */
	boolean supports(ResolvableType type);

	/**
	 * Converts a result.
	 * @param result an instance of a type that it supports
	 * @param invocation the call that it is the result of
	 * @return what to send, in this order
	 */
	Publisher<? extends Content> convert(Object result, HandlerInvocation invocation);

}
