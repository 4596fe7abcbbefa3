package com.pacerelle.spring.handler;

import java.util.List;

/**
 * Methods with {@link PacerelleHandler @PacerelleHandler} that cannot be called, or that
 * are ambiguous. Thrown when the application starts.
 */
public final class InvalidHandlerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param problems what is wrong, each naming the method and what is allowed
	 */
	InvalidHandlerException(List<String> problems) {
		super(String.join(System.lineSeparator(), problems));
	}

}
