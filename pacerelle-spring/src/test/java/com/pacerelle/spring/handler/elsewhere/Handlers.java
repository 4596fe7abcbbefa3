package com.pacerelle.spring.handler.elsewhere;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import com.pacerelle.spring.handler.PacerelleHandler;

/**
 * Handlers that are not in the package of the registry, as those of applications.
 */
public final class Handlers {

	private Handlers() {
	}

	public static Class<?> privateMethodOfPrivateClass() {
		return Private.class;
	}

	@PacerelleHandler
	@Retention(RetentionPolicy.RUNTIME)
	public @interface Greeting {

	}

	private static final class Private {

		@PacerelleHandler
		private String echo(String text) {
			return text + " from private";
		}

	}

}
