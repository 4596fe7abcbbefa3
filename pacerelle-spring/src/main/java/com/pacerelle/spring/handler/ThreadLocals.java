package com.pacerelle.spring.handler;

import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

import org.springframework.util.ClassUtils;

/**
 * Sets thread locals from a Reactor context while a handler method runs, where
 * Micrometer's context propagation is on the class path.
 */
final class ThreadLocals {

	private static final boolean AVAILABLE = ClassUtils.isPresent("io.micrometer.context.ContextSnapshotFactory",
			ThreadLocals.class.getClassLoader());

	private ThreadLocals() {
	}

	/**
	 * Calls code with the thread locals for which the context has a value.
	 * @param context the context
	 * @param code what to call
	 * @return its result
	 * @throws Throwable what the code throws
	 */
	static @Nullable Object call(ContextView context, Code code) throws Throwable {
		return (AVAILABLE && !context.isEmpty()) ? Propagation.call(context, code) : code.run();
	}

	/**
	 * Code that may throw anything.
	 */
	@FunctionalInterface
	interface Code {

		@Nullable Object run() throws Throwable;

	}

	/**
	 * Not loaded without context propagation.
	 */
	private static final class Propagation {

		private static final ContextSnapshotFactory factory = ContextSnapshotFactory.builder().build();

		static @Nullable Object call(ContextView context, Code code) throws Throwable {
			ContextSnapshot.Scope scope = factory.setThreadLocalsFrom(context);
			try {
				return code.run();
			}
			finally {
				scope.close();
			}
		}

	}

}
