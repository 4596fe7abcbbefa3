package com.pacerelle.spring.handler;

import com.pacerelle.client.message.AgentMessage;
import reactor.util.context.Context;

/**
 * Adds to the Reactor context in which a message is handled, such as who has written it.
 * Beans of this type are asked in their {@link org.springframework.core.annotation.Order
 * order}.
 * <p>
 * What a handler method returns has the context. Where Micrometer's context propagation
 * is there, the method itself finds the values in the thread locals for which there is an
 * accessor, such as the one of Spring Security.
 */
@FunctionalInterface
public interface HandlerContextCustomizer {

	/**
	 * Adds to the context.
	 * @param context the context
	 * @param message the message that is handled
	 * @return the context with more in it
	 */
	Context customize(Context context, AgentMessage message);

}
