package com.pacerelle.spring.handler;

import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Carries the {@link HandlerInvocation} from the context of reactive code to the threads
 * that it runs on, where an application wishes so with
 * {@code spring.reactor.context-propagation=auto}. Found by the {@code ServiceLoader} of
 * Micrometer's context propagation, where that is there.
 */
public final class HandlerInvocationAccessor implements ThreadLocalAccessor<HandlerInvocation> {

	@Override
	public Object key() {
		return HandlerInvocation.class;
	}

	@Override
	public @Nullable HandlerInvocation getValue() {
		return HandlerInvocation.current().orElse(null);
	}

	@Override
	public void setValue(HandlerInvocation value) {
		HandlerInvocation.ofThread(value);
	}

	@Override
	public void setValue() {
		HandlerInvocation.ofThread(null);
	}

}
