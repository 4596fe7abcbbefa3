package com.pacerelle.spring.handler;

import com.pacerelle.client.message.Content;
import org.reactivestreams.Publisher;

import org.springframework.core.ResolvableType;

/**
 * Converts what handler methods return to what the agent sends. Beans of this type are
 * asked in their {@link org.springframework.core.annotation.Order order}, before the
 * built-in converters; also for the elements of collections and reactive types.
 */
public interface HandlerResultConverter {

	/**
	 * Whether this converter supports results of a type. Asked when the application
	 * starts, and for each result whose type is not known before.
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
